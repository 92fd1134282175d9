import type { Plugin } from 'vite';

const library = /@serenity-kit\/opaque\/esm\/index\.js$/;
const inlined = /function wasmData\(imports\)\{return _loadWasmModule\(0, null, '([A-Za-z0-9+/=]+)'\)\}/;

const starts =
  'const ready = __wbg_init({ module_or_path: wasmData() }).then(() => {\n});\n\nexport { client, ready, server };';

/**
 * OPAQUE's library carries its WebAssembly as text within its script. A build gives it a file of its own: a third less to
 * fetch, and compiled while it comes. It also lets the library begin anew: what it wrote in its memory, a password among
 * it, would stay there as long as the worker lives. Refuses a library that is made otherwise.
 */
export function opaqueWasm(): Plugin {
  return {
    name: 'serment-opaque-wasm',
    apply: 'build',
    transform: {
      filter: { id: library },
      handler(code) {
        const text = inlined.exec(code)?.[1];
        if (text === undefined || !code.includes(starts))
          return this.error('The WebAssembly of OPAQUE stands elsewhere in its library, or starts otherwise');
        const file = this.emitFile({ type: 'asset', name: 'opaque.wasm', source: Buffer.from(text, 'base64') });
        const own = `const compiled = WebAssembly.compileStreaming(fetch(import.meta.ROLLUP_FILE_URL_${file}));
function wasmData() { return compiled; }`;
        return { code: code.replace(inlined, () => own).replace(starts, () => renewing), map: null };
      },
    },
  };
}

/** The instance is replaced in one step: who calls meanwhile meets the one or the other. */
const renewing = `const ready = __wbg_init({ module_or_path: wasmData() }).then(() => {});
async function renew() {
  const { instance } = await __wbg_load(await compiled, __wbg_get_imports());
  __wbg_finalize_init(instance);
}
export { client, ready, renew, server };`;

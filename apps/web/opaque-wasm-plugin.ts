import type { Plugin } from 'vite';

const library = /@serenity-kit\/opaque\/esm\/index\.js$/;
const inlined = /function wasmData\(imports\)\{return _loadWasmModule\(0, null, '([A-Za-z0-9+/=]+)'\)\}/;

/**
 * OPAQUE's library carries its WebAssembly as text within its script. A build gives it a file of its own: a third less to
 * fetch, and compiled while it comes. Refuses a library that carries it otherwise.
 */
export function opaqueWasm(): Plugin {
  return {
    name: 'serment-opaque-wasm',
    apply: 'build',
    transform: {
      filter: { id: library },
      handler(code) {
        const text = inlined.exec(code)?.[1];
        if (text === undefined) return this.error('The WebAssembly of OPAQUE stands elsewhere in its library');
        const file = this.emitFile({ type: 'asset', name: 'opaque.wasm', source: Buffer.from(text, 'base64') });
        const own = `function wasmData() { return fetch(import.meta.ROLLUP_FILE_URL_${file}); }`;
        return { code: code.replace(inlined, () => own), map: null };
      },
    },
  };
}

import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const brotliQuality = 9;
const leastBytes = 1024;

/** Leaves every text of the build compressed beside itself, once, instead of at each request. */
export function compressed(): Plugin {
  let outDir = '';
  return {
    name: 'serment-compressed',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      handler() {
        for (const path of globSync('**/*.{js,css,html,svg,wasm,webmanifest}', { cwd: outDir })) {
          const file = join(outDir, path);
          if (statSync(file).size < leastBytes) continue;
          const bytes = readFileSync(file);
          const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality };
          writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
          writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
        }
      },
    },
  };
}

export function isCompressed(path: string): boolean {
  return /\.(?:br|gz)$/.test(path);
}

import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import { isCompressed } from './compressed-plugin.ts';
import type { Shell } from './src/service-worker/shell.ts';

const fileName = 'service-worker.js';

/** Builds the service worker last, with the list of all that was built: the same files give the same bytes. */
export function serviceWorker(): Plugin {
  let root = '';
  let outDir = '';
  return {
    name: 'serment-service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      outDir = resolve(root, config.build.outDir);
    },
    async closeBundle() {
      await build({
        configFile: false,
        root,
        logLevel: 'warn',
        define: { sermentShell: JSON.stringify(shellOf(outDir)) },
        build: {
          target: 'es2024',
          outDir,
          emptyOutDir: false,
          copyPublicDir: false,
          modulePreload: { polyfill: false },
          rolldownOptions: {
            input: join(root, 'src/service-worker/service-worker.ts'),
            // Not every browser starts a service worker that is a module.
            output: { format: 'iife', entryFileNames: fileName },
          },
        },
      });
    },
  };
}

function shellOf(folder: string): Shell {
  const files = globSync('**/*', { cwd: folder })
    .filter((path) => path !== fileName && !isCompressed(path) && statSync(join(folder, path)).isFile())
    .sort()
    .map((path) => {
      const hash = createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('base64');
      return [`/${path.replaceAll('\\', '/')}`, hash] as const;
    });
  const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  return { version, files };
}

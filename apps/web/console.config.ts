import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed-plugin.ts';
import { typeset } from './typeset-plugin.ts';
import config from './vite.config.ts';

/** The host's console: a build of its own, so that what practices fetch holds nothing of it, nor is split for it. */
export default defineConfig({
  plugins: [typeset(), react(), compressed()],
  build: {
    ...config.build,
    outDir: 'dist/console',
    rolldownOptions: { input: join(import.meta.dirname, 'console.html') },
  },
});

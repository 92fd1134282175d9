import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed-plugin.ts';
import { inlineScripts } from './inline-scripts-plugin.ts';
import { opaqueWasm } from './opaque-wasm-plugin.ts';
import { serviceWorker } from './service-worker-plugin.ts';
import { typeset } from './typeset-plugin.ts';

export default defineConfig({
  plugins: [
    typeset(),
    react(),
    inlineScripts(/\/(?:(?:pdf|picture)-frame|rescue-reader)-/),
    serviceWorker(),
    compressed(),
  ],
  build: {
    target: 'es2024',
    sourcemap: false,
    // Nothing inline: the Content-Security-Policy allows files of this origin and no data: address but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The worker is one file but for what is seldom wanted: post-quantum keys and the engine, fetched once and kept.
    // What shows PDFs is larger, and comes when one is opened.
    chunkSizeWarningLimit: 1700,
    rolldownOptions: {
      input: join(import.meta.dirname, 'index.html'),
    },
  },
  worker: { format: 'es', plugins: () => [typeset(), opaqueWasm()] },
});

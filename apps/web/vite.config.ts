import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { serviceWorker } from './service-worker-plugin.ts';

export default defineConfig({
  plugins: [react(), serviceWorker()],
  build: {
    target: 'es2024',
    sourcemap: false,
    // Nothing inline: the Content-Security-Policy allows files of this origin and no data: address but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The worker is one file: post-quantum keys, OPAQUE and the engine, fetched once and kept.
    chunkSizeWarningLimit: 1200,
  },
  worker: { format: 'es' },
});

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run web` finds the API: that of `npm start`, unless told otherwise. */
const api = process.env.PIPECALL_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/ui/',
  plugins: [react()],
  build: {
    // What knows the CSS function `light-dark()`, which the themes are made of.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // The policy allows files of this origin only: neither a data: URL nor an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    // Kilobytes, not gzipped; what counts is looked at by test/web/first-load.test.ts.
    chunkSizeWarningLimit: 1_500,
  },
  server: {
    host: '127.0.0.1',
    // Everything that is not below /ui/ is the API's.
    proxy: { '^/(?!ui(/|$))': api },
  },
});

import { defineConfig } from 'vite';

// Paths are relative, so that the page works below any prefix of a proxy.
// `npm run dev` takes its data from a server on the default port.
const server = 'http://127.0.0.1:8080';

export default defineConfig({
  base: './',
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, license: { fileName: 'assets/licenses.md' } },
  server: { proxy: Object.fromEntries(['/v1', '/embed', '/openapi', '/docs', '/icon.svg'].map((path) => [path, server])) },
});

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev` asks a running demo: PAGE_URL is the address that it prints first. */
const target = process.env['PAGE_URL'] ?? 'http://127.0.0.1:4000/';

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target, changeOrigin: true },
      '/demo': { target, changeOrigin: true },
    },
  },
  build: { target: 'es2023' },
});

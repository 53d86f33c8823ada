import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './src/web/build/compress-plugin.ts';
import { basemap } from './src/web/map/build/basemap-plugin.ts';

/** Pages: `src/web` is built to `dist/web`; in development `/api` goes to a server that runs beside Vite. */
export default defineConfig(({ command }) => {
	// Under a test runner NODE_ENV is "test", which would build React's slower development edition.
	if (command === 'build') process.env.NODE_ENV = 'production';
	return {
		root: 'src/web',
		plugins: [react(), basemap(), compress()],
		build: {
			outDir: '../../dist/web',
			emptyOutDir: true,
			// What loads what, for the budgets of what a page may weigh.
			manifest: true,
			// Nothing inline: the server's content security policy admits files of its own origin only.
			assetsInlineLimit: 0,
			modulePreload: { polyfill: false },
		},
		worker: { format: 'es' },
		server: {
			proxy: {
				'/brand': `http://127.0.0.1:${process.env.PORT ?? 8080}`,
				'/api': { target: `http://127.0.0.1:${process.env.PORT ?? 8080}`, ws: true },
			},
		},
	};
});

import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type InlineConfig, type PreviewServer, preview } from 'vite';

const root = join(import.meta.dirname, '../kit');

/** Builds the sample pages of the kit into a folder and serves them; what is below `/api` goes to `apiUrl`. */
export async function serveKitPages(outDir: string, apiUrl?: string): Promise<PreviewServer> {
	const config: InlineConfig = {
		configFile: false,
		root,
		logLevel: 'error',
		plugins: [react()],
		build: {
			outDir,
			rolldownOptions: { input: ['form.html', 'grid.html'].map((file) => join(root, file)) },
		},
		preview: {
			host: '127.0.0.1',
			port: 0,
			...(apiUrl !== undefined && { proxy: { '/api': apiUrl } }),
		},
	};
	await build(config);
	return preview(config);
}

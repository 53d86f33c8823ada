import type { Plugin } from 'vite';
import { type BasemapFile, basemapFiles, makeBasemapFile } from './basemap-data.ts';

const moduleId = 'virtual:basemap';
const developmentPath = '/@basemap/';

/** Lets pages import the addresses of the basemap's files from `virtual:basemap`; the files are made by the build. */
export function basemap(): Plugin {
	let isBuild = false;
	const made = new Map<BasemapFile, string>();

	function contentOf(file: BasemapFile): string {
		const content = made.get(file) ?? makeBasemapFile(file);
		made.set(file, content);
		return content;
	}

	return {
		name: 'basemap',
		configResolved({ command }) {
			isBuild = command === 'build';
		},
		resolveId(id) {
			return id === moduleId ? `\0${moduleId}` : null;
		},
		load(id) {
			if (id !== `\0${moduleId}`) return null;
			const addresses = basemapFiles.map((file) => {
				if (!isBuild) return [file, `${developmentPath}${file}`];
				const name = `${file}.geojson`;
				const reference = this.emitFile({ type: 'asset', name, source: contentOf(file) });
				return [file, `/${this.getFileName(reference)}`];
			});
			return `export default ${JSON.stringify(Object.fromEntries(addresses))};`;
		},
		configureServer(server) {
			server.middlewares.use(developmentPath, (request, response, next) => {
				const file = basemapFiles.find((each) => `/${each}` === request.url);
				if (file === undefined) return next();
				response.setHeader('content-type', 'application/geo+json');
				response.end(contentOf(file));
			});
		},
	};
}

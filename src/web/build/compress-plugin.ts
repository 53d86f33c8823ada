import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const worthwhile = /\.(js|css|geojson|svg)$/;
const worthwhileBytes = 1_024;

/** Puts a `.br` and a `.gz` beside each built file, so that the server compresses nothing while it serves. */
export function compress(): Plugin {
	return {
		name: 'compress',
		apply: 'build',
		async writeBundle({ dir = '' }) {
			const assets = join(dir, 'assets');
			const names = (await readdir(assets)).filter((name) => worthwhile.test(name));
			await Promise.all(names.map((name) => compressFile(join(assets, name))));
		},
	};
}

async function compressFile(path: string): Promise<void> {
	const content = await readFile(path);
	if (content.length < worthwhileBytes) return;
	const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
	await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }));
	await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
}

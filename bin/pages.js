import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCheckout, root } from './checkout.js';
import { runQuietly } from './run.js';

const builtFrom = inCheckout('dist', 'web.built-from');
const entryPage = inCheckout('dist', 'web', 'index.html');

/**
 * Builds the pages into dist/web unless they were built from these very sources.
 * @param {string} node the pinned Node
 */
export async function buildPages(node) {
	const sources = hashOfSources();
	const isBuilt = existsSync(entryPage) && existsSync(builtFrom);
	if (isBuilt && readFileSync(builtFrom, 'utf8') === sources) return;
	await runQuietly(node, [inCheckout('node_modules', 'vite', 'bin', 'vite.js'), 'build'], {
		doing: 'Building the pages',
		ifFailed: 'The pages could not be built; Vite says why above.',
	});
	writeFileSync(builtFrom, sources);
}

/** Everything the pages are made of: their own files, the contracts, and the packages. */
function hashOfSources() {
	const hash = createHash('sha256');
	const files = readdirSync(inCheckout('src'), { recursive: true, encoding: 'utf8' })
		.filter((path) => isPageSource(path))
		.map((path) => join('src', path))
		.filter((path) => statSync(join(root, path)).isFile());
	for (const path of [...files.sort(), 'package-lock.json', 'vite.config.ts']) {
		const content = readFileSync(join(root, path));
		hash.update(`${path} ${content.length}\n`).update(content);
	}
	return hash.digest('hex');
}

/** @param {string} path below src */
function isPageSource(path) {
	if (/\.test\.tsx?$/.test(path)) return false;
	return /^(web|contract)\/|^modules\/[^/]+\/(web\/|contract)/.test(path);
}

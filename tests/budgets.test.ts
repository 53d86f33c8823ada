import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';

const built = join(import.meta.dirname, '../dist/web');
const manifest = z
	.record(z.string(), z.object({ file: z.string(), imports: z.array(z.string()).default([]) }))
	.parse(JSON.parse(await readFile(join(built, '.vite/manifest.json'), 'utf8')));

const shell = scriptsOf('index.html');
const consolePage = scriptsOf('../modules/fleet/web/console-page.tsx', shell);

/** Scripts that must be there before a source runs, besides those that are there anyway. */
function scriptsOf(source: string, ...there: readonly ReadonlySet<string>[]): Set<string> {
	const scripts = new Set<string>();
	const follow = (name: string): void => {
		const chunk = manifest[name];
		if (chunk === undefined) throw new Error(`${name} was not built`);
		if (scripts.has(chunk.file) || there.some((each) => each.has(chunk.file))) return;
		scripts.add(chunk.file);
		chunk.imports.forEach(follow);
	};
	follow(source);
	return scripts;
}

async function gzipKb(scripts: ReadonlySet<string>): Promise<number> {
	const sizes = [...scripts].map(
		async (file) => gzipSync(await readFile(join(built, file)), { level: 9 }).length,
	);
	return Math.round((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 102.4) / 10;
}

test.each([
	{ what: 'shell', scripts: shell, mostKb: 250 },
	{ what: 'grid page', scripts: consolePage, mostKb: 30 },
	{
		what: 'table of a grid page',
		scripts: scriptsOf('ui/grid-page/grid-table.tsx', shell, consolePage),
		mostKb: 35,
	},
	{
		what: 'map page',
		scripts: scriptsOf('../modules/map/web/map-page.tsx', shell),
		mostKb: 320,
	},
])('$what stays within $mostKb KB of gzipped script', async ({ what, scripts, mostKb }) => {
	const kb = await gzipKb(scripts);
	console.info(`${what}: ${kb} KB in ${scripts.size} files`);
	expect(kb).toBeLessThanOrEqual(mostKb);
});

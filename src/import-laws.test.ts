import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestFolder, type TestFolder } from '../tests/harness/folder.ts';

const checkout = join(import.meta.dirname, '..');

interface Imports {
	readonly allowed: readonly string[];
	readonly forbidden: readonly string[];
}

/** What files of each room may import and what not (docs/ARCHITECTURE.md). */
const laws: Readonly<Record<string, Imports>> = {
	'src/contract/status.ts': {
		allowed: ['zod', './family.ts', '#contract/family.ts'],
		forbidden: ['#platform/log.ts', '../platform/log.ts', 'pg', 'node:fs', '@fastify/helmet'],
	},
	'src/platform/http/problem.ts': {
		allowed: [
			'#contract/faults.ts',
			'../log.ts',
			'./server.ts',
			'../http/server.ts',
			'pg',
			'node:fs',
		],
		forbidden: [
			'#ingest/road.ts',
			'#live/hub.ts',
			'#modules/fleet/contract.ts',
			'#web/links.ts',
			'#simulator/process.ts',
			'../../live/hub.ts',
			'../../compose.ts',
		],
	},
	'src/ingest/edge/mqtt.ts': {
		allowed: ['#contract/faults.ts', '#platform/log.ts', '../road.ts'],
		forbidden: ['#live/hub.ts', '#modules/products/server/index.ts', '../../live/hub.ts'],
	},
	'src/live/hub.ts': {
		allowed: ['#contract/live.ts', '#platform/log.ts', './fleet-index.ts'],
		forbidden: ['#ingest/road.ts', '#modules/fleet/contract.ts', '../ingest/road.ts'],
	},
	'src/modules/fleet/contract.ts': {
		allowed: ['zod', '#contract/endpoint.ts', '#modules/access/contract.ts'],
		forbidden: ['#platform/log.ts', './server/index.ts', '#modules/access/server/index.ts', 'pg'],
	},
	'src/modules/fleet/server/store.ts': {
		allowed: [
			'#contract/status.ts',
			'#platform/log.ts',
			'#ingest/snapshot.ts',
			'#live/hub.ts',
			'#modules/access/server/index.ts',
			'#modules/access/contract.ts',
			'../contract.ts',
			'./rules.ts',
			'kysely',
		],
		forbidden: [
			'#modules/access/server/store.ts',
			'#modules/access/web/index.ts',
			'../../access/server/index.ts',
			'../web/index.ts',
			'#web/links.ts',
			'#simulator/process.ts',
			'../../../compose.ts',
		],
	},
	'src/modules/fleet/web/parts/row.tsx': {
		allowed: [
			'#contract/status.ts',
			'#web/ui/badge.tsx',
			'#modules/access/contract.ts',
			'../../contract.ts',
			'../queries.ts',
			'react',
		],
		forbidden: [
			'#modules/access/web/index.ts',
			'#modules/access/server/index.ts',
			'../../server/index.ts',
			'../../../access/web/index.ts',
			'#web/shell/router.tsx',
			'#platform/log.ts',
			'#live/hub.ts',
		],
	},
	'src/web/ui/badge.tsx': {
		allowed: [
			'#contract/status.ts',
			'#modules/access/contract.ts',
			'../live/feed.tsx',
			'#web/links.ts',
		],
		forbidden: [
			'#modules/access/web/index.ts',
			'../../modules/access/web/index.ts',
			'#web/shell/router.tsx',
			'../shell/router.tsx',
			'#platform/log.ts',
			'#live/hub.ts',
		],
	},
	'src/web/shell/router.tsx': {
		allowed: ['#web/links.ts', '../live/feed.tsx', '#modules/access/web/index.ts', './frame.tsx'],
		forbidden: ['#modules/access/web/page.tsx', '#modules/access/server/index.ts', '#live/hub.ts'],
	},
	'src/simulator/main.ts': {
		allowed: ['#contract/device-reading.ts', './drives.ts', 'mqtt', 'zod', 'node:fs/promises'],
		forbidden: [
			'#contract/roles.ts',
			'#platform/log.ts',
			'../contract/roles.ts',
			'pg',
			'@fastify/helmet',
		],
	},
};

const reportSchema = z.object({
	diagnostics: z.array(
		z.object({
			category: z.string(),
			location: z.object({ path: z.string(), start: z.object({ line: z.int() }) }),
		}),
	),
});
type Objection = z.infer<typeof reportSchema>['diagnostics'][number];

let folder: TestFolder;
let objections: Objection[];

beforeAll(async () => {
	folder = await createTestFolder();
	for (const name of ['biome.json', 'package.json'])
		await cp(join(checkout, name), join(folder.path, name));
	for (const [path, { allowed, forbidden }] of Object.entries(laws))
		await write(path, [...allowed, ...forbidden]);
	await write('src/platform/log.test.ts', ['#live/hub.ts', '../../tests/harness/database.ts']);
	await write('src/live/one.ts', ['./other.ts']);
	await write('src/live/other.ts', ['#live/one.ts']);
	objections = await lint(folder.path);
});
afterAll(() => folder.remove());

async function write(path: string, imports: readonly string[]): Promise<void> {
	const file = join(folder.path, path);
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, imports.map((name) => `import '${name}';\n`).join(''));
}

function lint(path: string): Promise<Objection[]> {
	const biome = join(checkout, 'node_modules/@biomejs/biome/bin/biome');
	const parameters = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none'];
	return new Promise((resolve) => {
		// It ends with an error because it objects.
		execFile(process.execPath, [biome, ...parameters], { cwd: path }, (_, report) =>
			resolve(reportSchema.parse(JSON.parse(report)).diagnostics),
		);
	});
}

/** The imports of a file that a rule objects to. */
function objectedTo(path: string, rule: string): number[] {
	return objections
		.filter(({ category, location }) => category === rule && location.path === path)
		.map(({ location }) => location.start.line);
}

test.each(Object.entries(laws))('%s', (path, { allowed, forbidden }) => {
	const lines = new Set(objectedTo(path, 'lint/style/noRestrictedImports'));
	const imports = [...allowed, ...forbidden];
	expect(imports.filter((_, index) => lines.has(index + 1))).toEqual(forbidden);
});

test('no file imports itself in a round, and tests may import what they test with', () => {
	expect(objectedTo('src/live/one.ts', 'lint/suspicious/noImportCycles')).toEqual([1]);
	expect(objectedTo('src/platform/log.test.ts', 'lint/style/noRestrictedImports')).toEqual([]);
});

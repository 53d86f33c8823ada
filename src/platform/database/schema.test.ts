import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../tests/harness/database.ts';

const run = promisify(execFile);
const codegen = createRequire(import.meta.url).resolve('kysely-codegen/dist/cli/bin.js');

test('schema.ts describes the migrated database (npm run schema writes it)', async () => {
	const database = await createTestDatabase();
	try {
		const { stdout } = await run(process.execPath, [
			codegen,
			...['--url', database.url, '--dialect', 'postgres', '--print', '--log-level', 'error'],
			...['--type-mapping', '{"int8":"number"}'],
		]);
		await expect(`${stdout.trim()}\n`).toMatchFileSnapshot('schema.ts');
	} finally {
		await database.drop();
	}
});

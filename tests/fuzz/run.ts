/**
 * `npm run fuzz -- --minutes N [--seed S] [--json]`: the bad input of `tests/fuzz` on every port for so long, from a seed
 * that is printed and can be given again. Ends with 1 when something was not as promised.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
	options: {
		minutes: { type: 'string', default: '5' },
		seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
		json: { type: 'boolean', default: false },
	},
});
const minutes = Number(values.minutes);
if (!(minutes > 0) || !Number.isSafeInteger(Number(values.seed))) {
	process.stderr.write('Usage: npm run fuzz -- --minutes 5 [--seed 1] [--json]\n');
	process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'qd-fuzz-'));
const report = join(folder, 'report.json');
process.stdout.write(`seed ${values.seed}, ${minutes} minutes\n`);
try {
	const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
	// A test waits for its share of the time, and then for the server to settle.
	const timeoutMs = Math.ceil(minutes * 60_000) + 300_000;
	const child = spawn(
		process.execPath,
		[
			vitest,
			'run',
			'--project',
			'journeys',
			`--testTimeout=${timeoutMs}`,
			`--hookTimeout=${timeoutMs}`,
			'tests/fuzz',
		],
		{
			stdio: 'inherit',
			env: {
				...process.env,
				FUZZ_MINUTES: String(minutes),
				FUZZ_SEED: values.seed,
				FUZZ_REPORT: report,
			},
		},
	);
	const [code] = await once(child, 'exit');
	if (values.json) process.stdout.write(`${await readFile(report, 'utf8')}\n`);
	process.exitCode = Number(code ?? 1);
} finally {
	await rm(folder, { recursive: true, force: true });
}

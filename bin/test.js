/**
 * `npm test`: prepares what is missing and runs every test, or those that its arguments name, on the pinned Node.
 * The last line says how many passed and failed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCheckout, PreparationError } from './checkout.js';
import { findChromium } from './chromium.js';
import { installPackages } from './packages.js';
import { buildPages } from './pages.js';
import { runInForeground } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'qd-counts-'));
const countsFile = join(folder, 'counts.json');
try {
	const node = await installPackages({ forTests: true });
	process.env.CHROMIUM_PATH = await findChromium();
	await buildPages(node);
	process.env.TEST_COUNTS_FILE = countsFile;
	const vitest = inCheckout('node_modules', 'vitest', 'vitest.mjs');
	const code = await runInForeground(node, [vitest, 'run', ...process.argv.slice(2)]);
	process.exitCode = conclude(code);
} catch (error) {
	if (!(error instanceof PreparationError)) throw error;
	console.error(error.message);
	console.log('0 passed, 1 failed');
	process.exitCode = 1;
} finally {
	rmSync(folder, { recursive: true });
}

/**
 * Prints the closing line.
 * @param {number} code what Vitest ended with
 * @returns {number} what to end with
 */
function conclude(code) {
	const { passed, failed, skipped } = readCounts();
	// Vitest may fail for a reason that is no test's, such as a process that does not end.
	const failures = failed === 0 && (code !== 0 || passed === 0) ? 1 : failed;
	if (passed + failed === 0) console.error('No test ran.');
	const ending = skipped > 0 ? `, ${skipped} skipped` : '';
	console.log(`${passed} passed, ${failures} failed${ending}`);
	return failures > 0 ? code || 1 : 0;
}

/** @returns {{ passed: number, failed: number, skipped: number }} */
function readCounts() {
	try {
		return JSON.parse(readFileSync(countsFile, 'utf8'));
	} catch {
		return { passed: 0, failed: 0, skipped: 0 };
	}
}

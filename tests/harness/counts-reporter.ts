import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Writes how many tests passed, failed and were skipped to the file that TEST_COUNTS_FILE names. A file that could not
 * be loaded, a group that could not be prepared and an error outside of any test count as failures.
 */
export default class CountsReporter implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
		const file = process.env.TEST_COUNTS_FILE;
		if (file === undefined) return;
		const tests = modules.flatMap((module) => [...module.children.allTests()]);
		const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
		const count = (state: string) => tests.filter((test) => test.result().state === state).length;
		const broken = groups.filter((group) => group.errors().length > 0).length;
		const counts = {
			passed: count('passed'),
			failed: count('failed') + count('pending') + broken + unhandled.length,
			skipped: count('skipped'),
		};
		writeFileSync(file, JSON.stringify(counts));
	}
}

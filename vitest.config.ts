import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		globalSetup: 'tests/harness/postgres.ts',
		reporters: ['default', './tests/harness/counts-reporter.ts'],
		maxWorkers: 2,
		projects: [
			{
				test: {
					name: 'parts',
					include: ['src/**/*.test.{ts,tsx}', 'bench/**/*.test.ts', 'tests/harness/**/*.test.ts'],
					setupFiles: 'tests/harness/property-seed.ts',
					pool: 'forks',
					expect: { poll: { timeout: 20_000 } },
					testTimeout: 120_000,
					hookTimeout: 120_000,
				},
			},
			{
				// Whole products with browsers, simulators and faults: one after the other, when the parts are done.
				test: {
					name: 'journeys',
					include: ['tests/**/*.test.ts'],
					exclude: ['tests/harness/**'],
					pool: 'forks',
					maxWorkers: 1,
					sequence: { groupOrder: 1 },
					expect: { poll: { timeout: 60_000 } },
					testTimeout: 300_000,
					hookTimeout: 120_000,
				},
			},
		],
	},
});

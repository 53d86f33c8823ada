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
					pool: 'forks',
					testTimeout: 30_000,
					hookTimeout: 60_000,
				},
			},
			{
				// Whole products with browsers and simulators, when the parts are done.
				test: {
					name: 'journeys',
					include: ['tests/*.test.ts'],
					pool: 'forks',
					sequence: { groupOrder: 1 },
					// Two browsers share the machine.
					expect: { poll: { timeout: 20_000 } },
					testTimeout: 120_000,
					hookTimeout: 120_000,
				},
			},
			{
				// What happens to a product with which somebody or something interferes: one after the other, since some of
				// them take the machine to its limits or measure how long an answer takes.
				test: {
					name: 'faults',
					include: ['tests/{attack,faults,fuzz,soak}/**/*.test.ts'],
					pool: 'forks',
					maxWorkers: 1,
					sequence: { groupOrder: 2 },
					testTimeout: 120_000,
					hookTimeout: 120_000,
				},
			},
		],
	},
});

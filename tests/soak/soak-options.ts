import { parseArgs } from 'node:util';
import { z } from 'zod';

const whole = z.coerce.number().int().min(1);

const optionsSchema = z.object({
	minutes: z.coerce.number().positive().max(100_000).default(30),
	/** From which the order of the faults and their moments follow. */
	seed: whole.max(2 ** 31 - 1),
	/** Devices that report all the time. */
	devices: whole.max(2_000).default(200),
	/** Devices that stay connected beside them and come back all at once. */
	storm: z.coerce.number().int().min(0).max(20_000).default(2_000),
	json: z.boolean().default(false),
});
export type SoakOptions = z.infer<typeof optionsSchema>;

const usage =
	'Usage: npm run soak -- [--minutes 30] [--seed 1] [--devices 200] [--storm 2000] [--json]';

/** Reads the command line; an unusable one ends the program with a sentence. */
export function readSoakOptions(args: readonly string[], anySeed: number): SoakOptions {
	try {
		const { values } = parseArgs({
			args: [...args],
			options: {
				minutes: { type: 'string' },
				seed: { type: 'string' },
				devices: { type: 'string' },
				storm: { type: 'string' },
				json: { type: 'boolean' },
			},
		});
		return optionsSchema.parse({ seed: anySeed, ...values });
	} catch (error) {
		const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
		const why = issue === undefined ? String(error) : `--${issue.path.join('.')}: ${issue.message}`;
		process.stderr.write(`${why}\n${usage}\n`);
		process.exit(2);
	}
}

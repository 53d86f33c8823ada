import { parseArgs } from 'node:util';
import { z } from 'zod';

const count = z.coerce.number().int().min(1);

const optionsSchema = z.object({
	/** Devices that report. */
	devices: count.max(1_000_000).default(20_000),
	/** Length of each measurement. */
	seconds: count.max(3_600).default(20),
	/** How often reference and product are measured in turn. */
	rounds: count.max(8).default(2),
	/** Messages a device may have on the way at once. */
	window: count.max(64).default(4),
	json: z.boolean().default(false),
});

export type IngestOptions = z.infer<typeof optionsSchema>;

/** Reads the command line; an unusable one ends the program with a sentence. */
export function readIngestOptions(args: readonly string[]): IngestOptions {
	try {
		const { values } = parseArgs({
			args: [...args],
			options: {
				devices: { type: 'string' },
				seconds: { type: 'string' },
				rounds: { type: 'string' },
				window: { type: 'string' },
				json: { type: 'boolean' },
			},
		});
		return optionsSchema.parse(values);
	} catch (error) {
		const why =
			error instanceof z.ZodError
				? `--${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`
				: String(error);
		process.stderr.write(
			`${why}\nUsage: npm run bench:ingest -- [--devices 20000] [--seconds 20] [--rounds 2] [--window 4] [--json]\n`,
		);
		process.exit(2);
	}
}

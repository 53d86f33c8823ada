import { z } from 'zod';
import { fact } from '#contract/fact.ts';

/** A device said that it runs another firmware than before; `from` is null when it is the first it named. */
export const firmwareReported = fact({
	kind: 'firmware_reported',
	details: z.object({ from: z.string().nullable(), to: z.string() }),
});

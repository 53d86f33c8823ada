import type { z } from 'zod';
import type { Reaction } from '#ingest/reaction.ts';
import { textOf } from '#ingest/snapshot.ts';
import { firmwareReported } from '../contract.ts';

/** Keeps as a fact each time a device names another firmware. */
export const firmwareReaction: Reaction = {
	name: 'firmware',
	react(reading, _before, memory) {
		const to = textOf(reading.values, 'firmware');
		const from = typeof memory?.version === 'string' ? memory.version : null;
		if (to === null || to === from) return { memory, facts: [] };
		const details: z.infer<typeof firmwareReported.details> = { from, to };
		return {
			memory: { version: to },
			facts: [{ kind: firmwareReported.kind, atMs: reading.atMs, details }],
		};
	},
};

import type { z } from 'zod';
import type { ResultReaction } from '#ingest/reaction.ts';
import { commandAnswered } from '../contract.ts';

/** Keeps each answer to a command as a fact, in the transaction after which the device's message is acknowledged. */
export const commandReaction: ResultReaction = {
	name: 'commands',
	react({ message, commandId, status, reason }, { name }) {
		const details: z.infer<typeof commandAnswered.details> = { commandId, name, status, reason };
		return [{ kind: commandAnswered.kind, atMs: message.receivedAtMs, details }];
	},
};

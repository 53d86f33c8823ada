import type { CommandResult, GivenCommand } from './command-result.ts';
import type { Reading } from './reading.ts';
import type { ReactionMemory, Registration, Snapshot } from './snapshot.ts';

/** Something that happened to a device and is kept. Details are plain JSON. */
export interface Fact {
	readonly kind: string;
	readonly atMs: number;
	readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * What a module makes of a device's readings: a pure function of the reading, the snapshot before it and what the
 * reaction itself remembers. Late readings run none. Memory is written only when another object comes back.
 */
export interface Reaction {
	readonly name: string;
	react(
		reading: Reading,
		before: Snapshot,
		memory: ReactionMemory | undefined,
	): { readonly memory: ReactionMemory | undefined; readonly facts: readonly Fact[] };
}

/**
 * What a module makes of a device's answer to a command. It hears each answer once, and only answers to commands that
 * were given to that device.
 */
export interface ResultReaction {
	readonly name: string;
	react(result: CommandResult, command: GivenCommand): readonly Fact[];
}

/** A fact with the device and the customer of its moment. */
export interface DeviceFact extends Fact {
	readonly device: Registration;
}

import type { DeviceFact, Reaction } from '../reaction.ts';
import type { Reading } from '../reading.ts';
import type { Snapshot } from '../snapshot.ts';

/** Runs the modules' reactions over a reading that is not late, before it settles. @returns the facts they found */
export function react(
	reading: Reading,
	snapshot: Snapshot,
	reactions: readonly Reaction[],
): DeviceFact[] {
	const found: DeviceFact[] = [];
	for (const reaction of reactions) {
		const before = snapshot.memory[reaction.name];
		const { memory, facts } = reaction.react(reading, snapshot, before);
		if (memory !== undefined && memory !== before)
			snapshot.memory = { ...snapshot.memory, [reaction.name]: memory };
		for (const fact of facts) found.push({ ...fact, device: snapshot.registration });
	}
	return found;
}

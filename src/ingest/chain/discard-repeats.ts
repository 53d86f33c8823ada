import { hashOfText, identHigh, identLow } from '../identity.ts';
import { drop, type Outcome, pass } from '../outcome.ts';
import { isReplayed, isUntimed, type Reading, readingKey, untimedKey } from '../reading.ts';
import { type Boot, rememberedBoots, type Snapshot } from '../snapshot.ts';

/** Gives a reading its identity: hash of boot and sequence, else of its body. */
export function identify(reading: Reading, snapshot: Snapshot): void {
	if (reading.bootName === null) {
		const ident = hashOfText(JSON.stringify(reading.wire));
		reading.identHigh = ident.high;
		reading.identLow = ident.low;
		return;
	}
	const boot = findBoot(snapshot, reading.bootName) ?? newBoot(reading.bootName);
	reading.identHigh = identHigh(boot.hashHigh, reading.sequence);
	reading.identLow = identLow(boot.hashLow, reading.sequence);
}

/**
 * Whether a reading cannot have been stored before: a known boot with a higher sequence, an unknown boot with a newer
 * time, or no sequence and a newer time. Everything else is looked up.
 */
export function isSurelyNew(reading: Reading, snapshot: Snapshot): boolean {
	const boot = reading.bootName === null ? null : findBoot(snapshot, reading.bootName);
	return boot === null
		? reading.atMs > snapshot.newestAtMs
		: reading.sequence > boot.highestSequence;
}

/**
 * Drops a reading that was stored before. `stored` holds the keys of what the database or this batch has already.
 * Without a usable time the identity differs at each receipt, so the sequence alone decides; of a replay, which came
 * before its successors, whether its sequence is stored.
 */
export function discardRepeat(
	reading: Reading,
	snapshot: Snapshot,
	stored: ReadonlySet<string> | undefined,
): Outcome {
	if (isSurelyNew(reading, snapshot)) return pass;
	const isKnownBoot = reading.bootName !== null && findBoot(snapshot, reading.bootName) !== null;
	if (isReplayed(reading) && isUntimed(reading))
		return stored?.has(untimedKey(reading.identHigh, reading.identLow)) ? drop('repeat') : pass;
	if (!reading.hasDeviceTime && isKnownBoot) return drop('repeat');
	return stored?.has(readingKey(reading.atMs, reading.identHigh, reading.identLow))
		? drop('repeat')
		: pass;
}

/** Notes that a reading passed: its boot's highest sequence rises, an unknown boot is remembered. */
export function rememberBoot(reading: Reading, snapshot: Snapshot): void {
	if (reading.bootName === null) return;
	const known = findBoot(snapshot, reading.bootName);
	if (known !== null) {
		if (reading.sequence > known.highestSequence) known.highestSequence = reading.sequence;
		return;
	}
	// A late reading of a forgotten boot must not push out one that is in use. Without a device time it is none: it
	// was sent just now, and its boot alone tells its repetition.
	const isPast = reading.isLate && (reading.hasDeviceTime || isReplayed(reading));
	if (isPast && snapshot.boots.length >= rememberedBoots) return;
	const boots = [...snapshot.boots, newBoot(reading.bootName, reading.sequence)];
	snapshot.boots = boots.slice(-rememberedBoots);
}

function findBoot(snapshot: Snapshot, name: string): Boot | null {
	const boots = snapshot.boots;
	for (let index = boots.length - 1; index >= 0; index--)
		if (boots[index]!.name === name) return boots[index]!;
	return null;
}

/** A boot as remembered: its name and the highest sequence stored, 0 while only its hash is wanted. */
export function newBoot(name: string, highestSequence = 0): Boot {
	const ident = hashOfText(name);
	return { name, hashHigh: ident.high, hashLow: ident.low, highestSequence };
}

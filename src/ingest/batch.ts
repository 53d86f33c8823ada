import { discardUnasked, recogniseResult } from './chain/answer.ts';
import { decode, normalise } from './chain/decode.ts';
import { discardRepeat, identify, isSurelyNew } from './chain/discard-repeats.ts';
import { react } from './chain/react.ts';
import { recognise } from './chain/recognise.ts';
import { hear, type Superseded, settle, settleReplayed } from './chain/settle.ts';
import { type CommandResult, commandKey, type GivenCommands } from './command-result.ts';
import { fields } from './fields.ts';
import type { DeviceMessage } from './message.ts';
import { type Outcome, type ParkReason, Unreadable } from './outcome.ts';
import type { DeviceFact, Reaction, ResultReaction } from './reaction.ts';
import { isReplayed, isUntimed, type Reading, readingKey, untimedKey } from './reading.ts';
import type { Snapshot } from './snapshot.ts';

/** A message that could not be read or stored, kept to be replayed. */
export interface Parked {
	readonly message: DeviceMessage;
	readonly reason: ParkReason;
	readonly detail: string;
}

/** Stored readings that came late: what was derived from this time must be derived again. */
export interface LateWindow {
	readonly deviceNo: number;
	fromMs: number;
	toMs: number;
}

/** Everything that one transaction writes. */
export interface BatchResult {
	readonly readings: Reading[];
	readonly snapshots: Snapshot[];
	readonly facts: DeviceFact[];
	readonly parked: Parked[];
	/** Parked messages whose replay succeeded. */
	readonly unparked: number[];
	readonly lateWindows: LateWindow[];
}

/** Where the chain counts what it leaves out. */
export interface ChainCounters {
	dropped(reason: string): void;
	impossibleValue(field: string): void;
	parked(reason: string): void;
	late(): void;
}

export interface ChainContext {
	readonly reactions: readonly Reaction[];
	readonly resultReactions: readonly ResultReaction[];
	/** Readings older than this instant (epoch ms) are beyond the retention. */
	readonly oldestKeptMs: number;
	readonly counters: ChainCounters;
}

/** What the database holds already of what a batch brings. */
export interface KnownBefore {
	/** Per device, the keys of stored readings. */
	readonly readings: Map<number, Set<string>>;
	readonly commands: GivenCommands;
	/** Of replayed readings, what newer stored readings say, too. */
	readonly superseded: ReadonlyMap<Reading, Superseded>;
}

/** The readings and results of one batch after the first step. */
export interface RecognisedBatch {
	readonly messages: readonly DeviceMessage[];
	readonly readings: readonly Reading[];
	readonly results: readonly CommandResult[];
	readonly unreadable: readonly Parked[];
	/** Readings that might have been stored before: looked up in the database before the chain runs. */
	readonly doubtful: readonly Reading[];
}

/** First step over a whole batch: parse, give each reading its identity, find the doubtful ones. */
export function recogniseBatch(
	messages: readonly DeviceMessage[],
	snapshotOf: (deviceNo: number) => Snapshot,
): RecognisedBatch {
	const readings: Reading[] = [];
	const results: CommandResult[] = [];
	const unreadable: Parked[] = [];
	const doubtful: Reading[] = [];
	for (const message of messages) {
		const { content } = message;
		try {
			if (content.kind === 'command_result') {
				results.push(recogniseResult(message, content.commandId));
				continue;
			}
			const snapshot = snapshotOf(message.deviceNo);
			const recognised = recognise(message);
			for (const reading of recognised) identify(reading, snapshot);
			for (const reading of recognised) {
				if (!isSurelyNew(reading, snapshot)) doubtful.push(reading);
				readings.push(reading);
			}
		} catch (error) {
			// Nothing has changed yet: a message at fault is set aside without trying its neighbours one by one.
			const reason = error instanceof Unreadable ? error.reason : 'failed';
			unreadable.push({ message, reason, detail: detailOf(error) });
		}
	}
	return { messages, readings, results, unreadable, doubtful };
}

/**
 * The chain: discard repeats → decode → normalise → react → settle, over each reading in order; answers to commands
 * are discarded where nobody asked, else become facts. Snapshots change in place.
 */
export function runChain(
	batch: RecognisedBatch,
	snapshotOf: (deviceNo: number) => Snapshot,
	known: KnownBefore,
	context: ChainContext,
): BatchResult {
	const stored = known.readings;
	const touched = new Set<Snapshot>();
	const result: BatchResult = {
		readings: [],
		snapshots: [],
		facts: [],
		parked: [...batch.unreadable],
		unparked: unparkedBy(batch),
		lateWindows: [],
	};
	const severalOf = devicesWithSeveralReadings(batch.readings);
	const windows = new Map<number, LateWindow>();
	for (const message of batch.messages) {
		const snapshot = snapshotOf(message.deviceNo);
		hear(message.receivedAtMs, snapshot);
		touched.add(snapshot);
	}
	for (const reading of batch.readings) {
		const { deviceNo } = reading.message;
		const snapshot = snapshotOf(deviceNo);
		const outcome = pipe(reading, snapshot, stored.get(deviceNo), context);
		if (outcome.type === 'drop') {
			context.counters.dropped(outcome.reason);
			continue;
		}
		const superseded = isReplayed(reading) ? supersededBy(reading, known, result.readings) : null;
		reading.isLate = superseded?.isPast ?? reading.atMs < snapshot.newestAtMs;
		if (reading.isLate) {
			context.counters.late();
			widen(windows, deviceNo, reading.atMs);
		} else if (context.reactions.length > 0)
			result.facts.push(...react(reading, snapshot, context.reactions));
		if (superseded?.isPast) settleReplayed(reading, snapshot, superseded);
		else settle(reading, snapshot);
		result.readings.push(reading);
		if (severalOf.has(deviceNo)) remember(stored, reading);
	}
	for (const answer of batch.results)
		result.facts.push(...factsOf(answer, snapshotOf(answer.message.deviceNo), known, context));
	for (const snapshot of touched) {
		snapshot.revision++;
		result.snapshots.push(snapshot);
	}
	for (const parked of result.parked) context.counters.parked(parked.reason);
	result.lateWindows.push(...windows.values());
	return result;
}

function factsOf(
	answer: CommandResult,
	snapshot: Snapshot,
	known: KnownBefore,
	context: ChainContext,
): DeviceFact[] {
	const command = known.commands.get(commandKey(answer.message.deviceNo, answer.commandId));
	const outcome = discardUnasked(answer, command);
	if (outcome.type === 'drop') context.counters.dropped(outcome.reason);
	if (outcome.type === 'drop' || command === undefined) return [];
	return context.resultReactions
		.flatMap((reaction) => reaction.react(answer, command))
		.map((fact) => ({ ...fact, device: snapshot.registration }));
}

function pipe(
	reading: Reading,
	snapshot: Snapshot,
	stored: ReadonlySet<string> | undefined,
	context: ChainContext,
): Outcome {
	if (reading.atMs < context.oldestKeptMs) return { type: 'drop', reason: 'older_than_retention' };
	const repeat = discardRepeat(reading, snapshot, stored);
	if (repeat.type !== 'pass') return repeat;
	const decoded = decode(reading, context.counters.impossibleValue);
	if (decoded.type !== 'pass') return decoded;
	return normalise(reading);
}

/** A message that failed alone is kept whole, with its cause. */
export function parkAlone(message: DeviceMessage, snapshot: Snapshot, cause: unknown): BatchResult {
	hear(message.receivedAtMs, snapshot);
	snapshot.revision++;
	return {
		readings: [],
		snapshots: [snapshot],
		facts: [],
		parked: [{ message, reason: 'failed' satisfies ParkReason, detail: detailOf(cause) }],
		unparked: [],
		lateWindows: [],
	};
}

function detailOf(cause: unknown): string {
	return cause instanceof Error ? cause.message : String(cause);
}

function devicesWithSeveralReadings(readings: readonly Reading[]): ReadonlySet<number> {
	const once = new Set<number>();
	const several = new Set<number>();
	for (const { message } of readings) {
		if (once.has(message.deviceNo)) several.add(message.deviceNo);
		else once.add(message.deviceNo);
	}
	return several;
}

function remember(stored: Map<number, Set<string>>, reading: Reading): void {
	const { deviceNo } = reading.message;
	let keys = stored.get(deviceNo);
	if (keys === undefined) {
		keys = new Set();
		stored.set(deviceNo, keys);
	}
	keys.add(readingKey(reading.atMs, reading.identHigh, reading.identLow));
	if (isUntimed(reading)) keys.add(untimedKey(reading.identHigh, reading.identLow));
}

/** What is newer than a replayed reading: in the database, or before it in this batch. */
function supersededBy(
	reading: Reading,
	known: KnownBefore,
	passed: readonly Reading[],
): Superseded {
	const stored = known.superseded.get(reading);
	const names = new Set(stored?.names);
	let isPast = stored?.isPast ?? false;
	for (const other of passed) {
		if (other.message.deviceNo !== reading.message.deviceNo || !isAfter(other, reading)) continue;
		isPast = true;
		for (const { name, place } of fields) if (other.values[place] !== null) names.add(name);
		for (const name in other.sensors) names.add(name);
	}
	return { isPast, names };
}

function isAfter(one: Reading, other: Reading): boolean {
	return one.atMs === other.atMs
		? one.message.receivedAtMs > other.message.receivedAtMs
		: one.atMs > other.atMs;
}

/** The parked messages that a batch replays, but for those that cannot be read this time either. */
function unparkedBy({ messages, unreadable }: RecognisedBatch): number[] {
	const failed = new Set(unreadable.map(({ message }) => message));
	return messages.flatMap((message) =>
		message.parkedNo === undefined || failed.has(message) ? [] : [message.parkedNo],
	);
}

function widen(windows: Map<number, LateWindow>, deviceNo: number, atMs: number): void {
	const window = windows.get(deviceNo);
	if (window === undefined) windows.set(deviceNo, { deviceNo, fromMs: atMs, toMs: atMs });
	else {
		window.fromMs = Math.min(window.fromMs, atMs);
		window.toMs = Math.max(window.toMs, atMs);
	}
}

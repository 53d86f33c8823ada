import { decode, normalise } from './chain/decode.ts';
import { discardRepeat, identify, isSurelyNew } from './chain/discard-repeats.ts';
import { react } from './chain/react.ts';
import { recognise } from './chain/recognise.ts';
import { hear, settle } from './chain/settle.ts';
import type { DeviceMessage } from './message.ts';
import { type Outcome, type ParkReason, Unreadable } from './outcome.ts';
import type { DeviceFact, Reaction } from './reaction.ts';
import { type Reading, readingKey } from './reading.ts';
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
	/** Readings older than this instant (epoch ms) are beyond the retention. */
	readonly oldestKeptMs: number;
	readonly counters: ChainCounters;
}

/** The readings of one batch after the first step, with the snapshots they go to. */
export interface RecognisedBatch {
	readonly messages: readonly DeviceMessage[];
	readonly readings: readonly Reading[];
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
	const unreadable: Parked[] = [];
	const doubtful: Reading[] = [];
	for (const message of messages) {
		try {
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
	return { messages, readings, unreadable, doubtful };
}

/**
 * The chain: discard repeats → decode → normalise → react → settle, over each reading in order. Snapshots change in
 * place. `stored` has, per device, the keys of readings that the database holds already.
 */
export function runChain(
	batch: RecognisedBatch,
	snapshotOf: (deviceNo: number) => Snapshot,
	stored: Map<number, Set<string>>,
	context: ChainContext,
): BatchResult {
	const touched = new Set<Snapshot>();
	const result: BatchResult = {
		readings: [],
		snapshots: [],
		facts: [],
		parked: [...batch.unreadable],
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
		reading.isLate = reading.atMs < snapshot.newestAtMs;
		if (reading.isLate) {
			context.counters.late();
			widen(windows, deviceNo, reading.atMs);
		} else if (context.reactions.length > 0)
			result.facts.push(...react(reading, snapshot, context.reactions));
		settle(reading, snapshot);
		result.readings.push(reading);
		if (severalOf.has(deviceNo)) remember(stored, reading);
	}
	for (const snapshot of touched) {
		snapshot.revision++;
		result.snapshots.push(snapshot);
	}
	for (const parked of result.parked) context.counters.parked(parked.reason);
	result.lateWindows.push(...windows.values());
	return result;
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
}

function widen(windows: Map<number, LateWindow>, deviceNo: number, atMs: number): void {
	const window = windows.get(deviceNo);
	if (window === undefined) windows.set(deviceNo, { deviceNo, fromMs: atMs, toMs: atMs });
	else {
		window.fromMs = Math.min(window.fromMs, atMs);
		window.toMs = Math.max(window.toMs, atMs);
	}
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchResult, recogniseBatch, runChain } from '../batch.ts';
import { type DeviceMessage, telemetry } from '../message.ts';
import type { Reaction } from '../reaction.ts';
import { readingKey } from '../reading.ts';
import { blankSnapshot, booleanOf, numberOf, type Snapshot, textOf } from '../snapshot.ts';
import { setBack } from './set-back.ts';

const nowMs = Date.UTC(2026, 10, 20, 9);
const registration = {
	deviceNo: 7,
	organizationNo: 1,
	dealerNo: null,
	customerNo: 3,
	family: 'ev',
	vehicleNo: null,
} as const;

function message(body: unknown, receivedAtMs = nowMs): DeviceMessage {
	const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
	return {
		deviceNo: 7,
		content: telemetry,
		topic: 'qd/v1/x/telemetry',
		body: bytes,
		receivedAtMs,
		isAbandoned: () => false,
		acknowledge: () => {},
	};
}

/** A device with its own small database of what was stored: the chain's contract with the store. */
class Bench {
	readonly snapshot: Snapshot = blankSnapshot(registration);
	readonly stored = new Set<string>();
	readonly counted: string[] = [];
	readonly reactions: Reaction[] = [];

	batch(messages: readonly DeviceMessage[]): BatchResult {
		const snapshotOf = () => this.snapshot;
		const batch = recogniseBatch(messages, snapshotOf);
		const found = batch.doubtful
			.map((reading) => readingKey(reading.atMs, reading.identHigh, reading.identLow))
			.filter((key) => this.stored.has(key));
		const known = {
			readings: new Map([[7, new Set(found)]]),
			commands: new Map(),
			superseded: new Map(),
		};
		const result = runChain(batch, snapshotOf, known, {
			reactions: this.reactions,
			resultReactions: [],
			oldestKeptMs: nowMs - 400 * 86_400_000,
			counters: {
				dropped: (reason) => this.counted.push(reason),
				impossibleValue: (field) => this.counted.push(`impossible ${field}`),
				parked: (reason) => this.counted.push(`parked ${reason}`),
				late: () => this.counted.push('late'),
			},
		});
		for (const reading of result.readings) {
			const key = readingKey(reading.atMs, reading.identHigh, reading.identLow);
			expect(this.stored.has(key), `${key} is stored twice`).toBe(false);
			this.stored.add(key);
		}
		return result;
	}
}

function at(secondsAgo: number): string {
	return new Date(nowMs - secondsAgo * 1000).toISOString();
}

describe('recognise', () => {
	test.each([
		['{', 'not_json'],
		['\xff\xfe', 'not_json'],
		['[]', 'not_a_reading'],
		['3', 'not_a_reading'],
		['null', 'not_a_reading'],
		['[{"speed_kmh":1},[2]]', 'not_a_reading'],
	])('parks %j whole as %s', (body, reason) => {
		const bench = new Bench();
		const result = bench.batch([message(body)]);
		expect(result.parked).toMatchObject([{ reason }]);
		expect(result.readings).toEqual([]);
		expect(bench.snapshot.lastHeardAtMs).toBe(nowMs);
	});

	test('a clock that is wrong counts as missing, is kept as a sensor and shows', () => {
		const bench = new Bench();
		for (const [wrong, seq] of [
			[new Date(nowMs + 6 * 60_000).toISOString(), 1],
			['2019-12-31T23:59:59Z', 2],
			['yesterday', 3],
		] as const) {
			const { readings } = bench.batch([message({ boot: 'a', seq, at: wrong, speed_kmh: 1 })]);
			expect(readings).toMatchObject([{ atMs: nowMs, sensors: { device_at: wrong } }]);
			expect(bench.snapshot.clockWrong).toBe(true);
		}
		bench.batch([message({ boot: 'a', seq: 4, at: at(0), speed_kmh: 1 })]);
		expect(bench.snapshot.clockWrong).toBe(false);
	});
});

describe('decode', () => {
	test('keeps what is possible, counts the rest, names the other values sensors', () => {
		const bench = new Bench();
		const { readings } = bench.batch([
			message({
				at: at(1),
				lat: 91,
				lon: 10,
				soc_pct: 140,
				ignition: 1,
				charging: 'yes',
				speed_kmh: 12.5,
				signal: 17.4,
				firmware: 'a\0b',
				gear: 'D',
				deep: { a: 1 },
				heading_deg: 360,
			}),
		]);
		const values = readings[0]!.values;
		expect(numberOf(values, 'speed_kmh')).toBe(12.5);
		expect(numberOf(values, 'signal')).toBe(17);
		expect(booleanOf(values, 'ignition')).toBe(true);
		expect(numberOf(values, 'heading_deg')).toBe(0);
		expect(numberOf(values, 'lon')).toBeNull();
		expect(textOf(values, 'firmware')).toBeNull();
		expect(readings[0]!.sensors).toEqual({ gear: 'D' });
		expect(bench.counted.sort()).toEqual([
			'impossible charging',
			'impossible firmware',
			'impossible lat',
			'impossible sensor',
			'impossible soc_pct',
		]);
	});

	test('whatever JSON comes, the chain neither throws nor keeps what a column cannot hold', () => {
		const wire = fc.dictionary(
			fc.oneof(
				fc.constantFrom(
					'lat',
					'lon',
					'soc_pct',
					'boot',
					'seq',
					'at',
					'signal',
					'firmware',
					'ignition',
				),
				fc.string(),
			),
			fc.jsonValue(),
		);
		fc.assert(
			fc.property(fc.array(wire, { minLength: 1, maxLength: 4 }), (readings) => {
				const result = new Bench().batch([message(readings)]);
				for (const { values, sensors } of result.readings) {
					const lat = numberOf(values, 'lat');
					expect(lat === null || Math.abs(lat) <= 90).toBe(true);
					const signal = numberOf(values, 'signal');
					expect(signal === null || Number.isInteger(signal)).toBe(true);
					for (const value of Object.values(sensors ?? {}))
						expect(typeof value === 'string' ? value.isWellFormed() : true).toBe(true);
				}
			}),
		);
	});
});

describe('repeats', () => {
	test('a device that repeats and mixes its messages has each reading stored once and none lost', () => {
		const reading = fc.record({
			boot: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
			seq: fc.integer({ min: 0, max: 30 }),
		});
		fc.assert(
			fc.property(
				fc.array(fc.array(reading, { minLength: 1, maxLength: 6 }), { maxLength: 25 }),
				(batches) => {
					const bench = new Bench();
					const sent = new Set<string>();
					for (const batch of batches) {
						// A reading that comes again is the same reading: its time follows from boot and sequence.
						const messages = batch.map(({ boot, seq }) => {
							sent.add(`${boot}${seq}`);
							const secondsAgo = 5_000 - boot.charCodeAt(0) * 40 - seq;
							return message({ boot, seq, at: at(secondsAgo), speed_kmh: seq });
						});
						bench.batch(messages);
					}
					expect(bench.stored.size).toBe(sent.size);
				},
			),
		);
	});

	test('without a sequence the body and its time make the identity', () => {
		const bench = new Bench();
		const body = { at: at(10), soc_pct: 50 };
		bench.batch([message(body), message(body)]);
		bench.batch([message(body)]);
		bench.batch([message({ ...body, soc_pct: 51 })]);
		expect(bench.stored.size).toBe(2);
	});

	test('without a usable time a sequence not above the highest is a repeat', () => {
		const bench = new Bench();
		bench.batch([message({ boot: 'a', seq: 5, soc_pct: 50 })]);
		bench.batch([message({ boot: 'a', seq: 5, soc_pct: 50 }, nowMs + 4_000)]);
		bench.batch([message({ boot: 'a', seq: 6, soc_pct: 50 }, nowMs + 5_000)]);
		expect(bench.stored.size).toBe(2);
		expect(bench.counted).toEqual(['repeat']);
	});

	test('without boot and time a sequence that begins again loses nothing', () => {
		const bench = new Bench();
		for (const [turn, seq] of [7, 8, 0, 1].entries())
			bench.batch([message({ seq, soc_pct: 50 }, nowMs + turn * 1_000)]);
		expect(bench.stored.size).toBe(4);
		expect(bench.counted).toEqual([]);
	});

	test('a repeat still says that the device is there', () => {
		const bench = new Bench();
		const body = { boot: 'a', seq: 1, at: at(60), soc_pct: 50 };
		bench.batch([message(body, nowMs)]);
		const { snapshots } = bench.batch([message(body, nowMs + 9_000)]);
		expect(snapshots).toHaveLength(1);
		expect(bench.snapshot.lastHeardAtMs).toBe(nowMs + 9_000);
	});
});

describe('after the clock was a month ahead', () => {
	const aheadMs = nowMs + 30 * 86_400_000;

	test('what comes is newer than what came then', () => {
		const bench = new Bench();
		bench.batch([message({ boot: 'a', seq: 1, soc_pct: 50, gear: 'D' }, aheadMs)]);
		setBack(bench.snapshot, nowMs, nowMs);
		bench.batch([message({ boot: 'a', seq: 2, soc_pct: 40, gear: 'R' }, nowMs)]);
		expect(bench.snapshot).toMatchObject({ lastHeardAtMs: nowMs, newestAtMs: nowMs });
		expect(numberOf(bench.snapshot.values, 'soc_pct')).toBe(40);
		expect(bench.snapshot.sensors).toEqual({ gear: 'R' });
		expect(bench.counted).toEqual([]);
	});

	test('what was stored then, with its own time or without, is not stored again', () => {
		const bench = new Bench();
		const bodies = [
			{ boot: 'a', seq: 1, soc_pct: 50 },
			{ boot: 'a', seq: 2, at: at(20), soc_pct: 49 },
			{ at: at(10), soc_pct: 48 },
		];
		for (const body of bodies) bench.batch([message(body, aheadMs)]);
		setBack(bench.snapshot, nowMs, nowMs);
		for (const body of bodies) bench.batch([message(body, nowMs)]);
		expect(bench.stored.size).toBe(3);
		expect(bench.counted.filter((reason) => reason === 'repeat')).toHaveLength(3);
	});
});

describe('late data', () => {
	test('never overwrite newer values, but fill a group that is older still', () => {
		const bench = new Bench();
		bench.batch([message({ boot: 'a', seq: 2, at: at(10), speed_kmh: 30, gear: 'D' })]);
		const { lateWindows } = bench.batch([
			message({ boot: 'a', seq: 1, at: at(100), speed_kmh: 80, soc_pct: 60, gear: 'R' }),
		]);
		expect(numberOf(bench.snapshot.values, 'speed_kmh')).toBe(30);
		expect(numberOf(bench.snapshot.values, 'soc_pct')).toBe(60);
		expect(bench.snapshot.sensors).toEqual({ gear: 'D' });
		expect(lateWindows).toEqual([{ deviceNo: 7, fromMs: nowMs - 100_000, toMs: nowMs - 100_000 }]);
		expect(bench.counted).toEqual(['late']);
	});

	test('run no reaction', () => {
		const bench = new Bench();
		bench.reactions.push({
			name: 'speeds',
			react: (reading, _before, memory) => ({
				memory: { last: numberOf(reading.values, 'speed_kmh') },
				facts: [{ kind: 'speed', atMs: reading.atMs, details: { before: memory?.last ?? null } }],
			}),
		});
		bench.batch([message({ boot: 'a', seq: 2, at: at(10), speed_kmh: 30 })]);
		const late = bench.batch([message({ boot: 'a', seq: 1, at: at(20), speed_kmh: 10 })]);
		const next = bench.batch([message({ boot: 'a', seq: 3, at: at(5), speed_kmh: 40 })]);
		expect(late.facts).toEqual([]);
		expect(next.facts).toMatchObject([{ kind: 'speed', details: { before: 30 } }]);
		expect(bench.snapshot.memory).toEqual({ speeds: { last: 40 } });
	});

	test('older than the retention are dropped and counted', () => {
		const bench = new Bench();
		bench.batch([message({ at: new Date(nowMs - 401 * 86_400_000).toISOString(), speed_kmh: 1 })]);
		expect(bench.counted).toEqual(['older_than_retention']);
	});
});

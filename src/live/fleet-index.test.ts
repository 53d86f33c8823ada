import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInScope, type Scope } from '#contract/scope.ts';
import {
	type ActivityStatus,
	agedStatus,
	notCommunicatingAfterMs,
	offlineAfterMs,
	type StatusCounts,
	statuses,
} from '#contract/status.ts';
import { FleetIndex, type IndexedState } from './fleet-index.ts';

const startMs = Date.UTC(2026, 10, 20);

interface Model {
	organizationNo: number;
	dealerNo: number | null;
	customerNo: number | null;
	activity: ActivityStatus;
	lastHeardAtMs: number | null;
	revision: number;
}

const part = fc.option(fc.integer({ min: 1, max: 3 }), { nil: null });
const ageMs = fc.oneof(
	fc.integer({ min: 0, max: 80 * 3_600_000 }),
	fc.constantFrom(
		offlineAfterMs,
		offlineAfterMs + 1,
		notCommunicatingAfterMs - 1,
		notCommunicatingAfterMs,
	),
);
const step = fc.oneof(
	fc.record({
		type: fc.constant('place' as const),
		deviceNo: fc.integer({ min: 1, max: 2_000 }),
		organizationNo: fc.integer({ min: 1, max: 2 }),
		dealerNo: part,
		customerNo: part,
	}),
	fc.record({
		type: fc.constant('update' as const),
		pick: fc.nat(),
		activity: fc.constantFrom<ActivityStatus>('moving', 'stopped', 'ignition_off', 'charging'),
		ageMs,
		revisionStep: fc.integer({ min: -1, max: 2 }),
	}),
	fc.record({ type: fc.constant('remove' as const), pick: fc.nat() }),
	fc.record({
		type: fc.constant('sweep' as const),
		// The clock may be stepped back.
		afterMs: fc.oneof(
			ageMs,
			ageMs.map((ms) => -ms),
		),
	}),
);
const scope: fc.Arbitrary<Scope> = fc.record({
	organizationNo: fc.integer({ min: 1, max: 2 }),
	dealerNo: part,
	customerNos: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 3 })), { nil: null }),
	deviceNos: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 2_000 })), { nil: null }),
});

test('counts, statuses and sweeps equal the plain rule, whatever happens in whatever order', () => {
	fc.assert(
		fc.property(
			fc.array(step, { maxLength: 60 }),
			fc.array(scope, { maxLength: 5 }),
			(steps, scopes) => {
				const index = new FleetIndex();
				const model = new Map<number, Model>();
				let nowMs = startMs;
				for (const one of steps) {
					const devices = [...model.keys()];
					if (one.type === 'place') {
						const before = model.get(one.deviceNo);
						model.set(one.deviceNo, {
							...(before ?? { activity: 'ignition_off', lastHeardAtMs: null, revision: 0 }),
							organizationNo: one.organizationNo,
							dealerNo: one.dealerNo,
							customerNo: one.customerNo,
						});
						index.place({ ...one, family: 'ev', vehicleNo: null }, nowMs);
					} else if (one.type === 'sweep') {
						nowMs += one.afterMs;
						index.sweep(nowMs);
					} else if (devices.length > 0) {
						const deviceNo = devices[one.pick % devices.length]!;
						const device = model.get(deviceNo)!;
						if (one.type === 'remove') {
							model.delete(deviceNo);
							index.remove(deviceNo);
						} else {
							const revision = device.revision + one.revisionStep;
							const lastHeardAtMs = nowMs - one.ageMs;
							index.update(deviceNo, state(revision, lastHeardAtMs, one.activity), nowMs);
							if (revision >= device.revision)
								model.set(deviceNo, { ...device, revision, lastHeardAtMs, activity: one.activity });
						}
					}
				}
				index.sweep(nowMs);
				for (const [deviceNo, device] of model)
					expect(index.status(deviceNo)).toBe(
						agedStatus(device.activity, device.lastHeardAtMs, nowMs),
					);
				for (const one of scopes) expect(index.counts(one)).toEqual(countsOf(model, one, nowMs));
				expect(index.devices).toBe(model.size);
			},
		),
	);
});

test('a sweep after the clock was stepped back finds a silence shorter than it seemed', () => {
	const index = new FleetIndex();
	const belonging = { organizationNo: 1, dealerNo: null, customerNo: null };
	index.place({ deviceNo: 1, ...belonging, family: 'ev', vehicleNo: null }, startMs);
	index.update(1, state(1, startMs, 'moving'), startMs);
	expect(index.sweep(startMs + notCommunicatingAfterMs)).toEqual([1]);
	expect(index.status(1)).toBe('not_communicating');
	expect(index.sweep(startMs + 1_000)).toEqual([1]);
	expect(index.status(1)).toBe('moving');
	expect(index.sweep(startMs + offlineAfterMs + 1)).toEqual([1]);
	expect(index.status(1)).toBe('offline');
});

test('a sweep names just the devices whose silence changed their status', () => {
	const index = new FleetIndex();
	for (const deviceNo of [1, 2]) {
		index.place(
			{
				deviceNo,
				organizationNo: 1,
				dealerNo: null,
				customerNo: null,
				family: 'ev',
				vehicleNo: null,
			},
			startMs,
		);
		index.update(deviceNo, state(1, startMs + deviceNo * 1_000, 'moving'), startMs);
	}
	expect(index.sweep(startMs + offlineAfterMs + 1_000)).toEqual([]);
	expect(index.sweep(startMs + offlineAfterMs + 1_001)).toEqual([1]);
	expect(index.sweep(startMs + offlineAfterMs + 1_002)).toEqual([]);
	expect(index.status(1)).toBe('offline');
	expect(index.sweep(startMs + notCommunicatingAfterMs + 5_000)).toEqual([1, 2]);
});

function countsOf(model: ReadonlyMap<number, Model>, scope: Scope, nowMs: number): StatusCounts {
	const counts: StatusCounts = {
		moving: 0,
		stopped: 0,
		ignition_off: 0,
		charging: 0,
		offline: 0,
		not_communicating: 0,
	};
	for (const [deviceNo, device] of model)
		if (isInScope(scope, deviceNo, device))
			counts[agedStatus(device.activity, device.lastHeardAtMs, nowMs)]++;
	expect(Object.keys(counts)).toEqual([...statuses]);
	return counts;
}

function state(revision: number, lastHeardAtMs: number, activity: ActivityStatus): IndexedState {
	return {
		revision,
		lastHeardAtMs,
		activity,
		socPct: null,
		rangeKm: null,
		odometerKm: null,
		speedKmh: null,
		signal: null,
		firmware: null,
		lat: null,
		lon: null,
		headingDeg: null,
	};
}

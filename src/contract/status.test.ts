import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runStates } from './family.ts';
import {
	type Activity,
	nextStatusChangeAtMs,
	notCommunicatingAfterMs,
	offlineAfterMs,
	statusAt,
	statusLabel,
} from './status.ts';

const nowMs = Date.UTC(2026, 10, 20);
const ev: Activity = {
	isEngine: false,
	charging: null,
	ignition: null,
	speedKmh: null,
	runState: null,
};
const fiveMinutesAgoMs = nowMs - 300_000;

test.each([
	['charging wins over ignition', { charging: true, ignition: true, speedKmh: 20 }, 'charging'],
	['ignition off wins over speed', { ignition: false, speedKmh: 20 }, 'ignition_off'],
	['moving', { ignition: true, speedKmh: 0.1 }, 'moving'],
	['stopped', { ignition: true, speedKmh: 0 }, 'stopped'],
	['unknown speed counts as 0', { ignition: true }, 'stopped'],
	['unknown ignition with speed', { speedKmh: 3 }, 'moving'],
	['unknown ignition without speed', {}, 'ignition_off'],
	['an engine runs', { isEngine: true, runState: 'running' }, 'moving'],
	['an engine starts', { isEngine: true, runState: 'starting' }, 'moving'],
	['an engine cools', { isEngine: true, runState: 'cooling' }, 'moving'],
	['an engine stands by', { isEngine: true, runState: 'standby' }, 'stopped'],
	['an engine says nothing', { isEngine: true, speedKmh: 40 }, 'ignition_off'],
] as const)('%s', (_, activity, expected) => {
	expect(statusAt({ ...ev, ...activity }, fiveMinutesAgoMs, nowMs)).toBe(expected);
});

test.each([
	[null, 'not_communicating'],
	[notCommunicatingAfterMs, 'not_communicating'],
	[notCommunicatingAfterMs - 1, 'offline'],
	[offlineAfterMs + 1, 'offline'],
	[offlineAfterMs, 'moving'],
	[-60_000, 'moving'],
])('silent for %d ms: %s', (ageMs, expected) => {
	const heardAtMs = ageMs === null ? null : nowMs - ageMs;
	expect(statusAt({ ...ev, ignition: true, speedKmh: 9 }, heardAtMs, nowMs)).toBe(expected);
});

test('between now and the announced instant silence changes nothing, at it something', () => {
	const activity = fc.record({
		isEngine: fc.boolean(),
		charging: fc.option(fc.boolean(), { nil: null }),
		ignition: fc.option(fc.boolean(), { nil: null }),
		speedKmh: fc.option(fc.integer({ min: 0, max: 90 }), { nil: null }),
		runState: fc.option(fc.constantFrom(...runStates), { nil: null }),
	});
	fc.assert(
		fc.property(
			activity,
			fc.integer({ min: -1000, max: 90 * 3_600_000 }),
			fc.double({ min: 0, max: 1, noNaN: true }),
			(activity, ageMs, part) => {
				const heardAtMs = nowMs - ageMs;
				const changeAtMs = nextStatusChangeAtMs(heardAtMs, nowMs);
				const now = statusAt(activity, heardAtMs, nowMs);
				if (changeAtMs === Number.POSITIVE_INFINITY) {
					expect(statusAt(activity, heardAtMs, nowMs + 1e12)).toBe(now);
					return;
				}
				const between = nowMs + Math.floor((changeAtMs - 1 - nowMs) * part);
				expect(statusAt(activity, heardAtMs, between)).toBe(now);
				expect(statusAt(activity, heardAtMs, changeAtMs)).not.toBe(now);
			},
		),
	);
});

test('engine controllers have their own words for three of the six', () => {
	expect(statusLabel('moving', 'ultra')).toBe('Running');
	expect(statusLabel('ignition_off', 'x_pro')).toBe('Stopped');
	expect(statusLabel('offline', 'unified')).toBe('Offline');
	expect(statusLabel('moving', 'ev')).toBe('Moving');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conditionAt, type DeviceCondition } from '#contract/device-condition.ts';
import { type RunState, runStates } from '#contract/family.ts';
import { statuses } from '#contract/status.ts';
import {
	type CommandKind,
	changeSettings,
	commandKinds,
	forbidding,
	reboot,
	resetFault,
	returnToStandby,
	start,
	stop,
} from './contract.ts';

const live: DeviceCondition = {
	family: 'x_pro',
	status: 'stopped',
	isLive: true,
	runState: 'standby',
};

/** Why a kind is not safe for a live engine controller in a run state; null when it is. */
function because(kind: CommandKind, runState: RunState | null): string | null {
	return forbidding(kind.interlocks, { ...live, runState })?.because ?? null;
}

describe('what is safe in which run state', () => {
	const allowedIn: readonly (readonly [CommandKind, readonly (RunState | null)[]])[] = [
		[start, ['stopped', 'standby']],
		[stop, ['starting', 'running', 'cooling', null]],
		[returnToStandby, ['stopped', 'starting', 'running', 'cooling']],
		[resetFault, ['stopped', 'standby', 'fault']],
		[changeSettings, [...runStates, null]],
		[reboot, [...runStates, null]],
	];
	test.each(allowedIn.map(([kind, allowed]) => ({ kind, allowed, name: kind.name })))(
		'$name',
		({ kind, allowed }) => {
			const found = [...runStates, null].filter((runState) => because(kind, runState) === null);
			expect(new Set(found)).toEqual(new Set(allowed));
		},
	);

	test('the reason is the one that helps', () => {
		expect(because(start, 'running')).toBe('the engine is starting or running');
		expect(because(start, 'fault')).toContain('fault');
		expect(because(start, null)).toBe('it is not known whether the engine runs');
		expect(because(stop, 'standby')).toBe('the engine does not run');
		expect(because(returnToStandby, 'standby')).toBe('the controller stands by already');
	});
});

const minuteMs = 60_000;
const words = fc.record({
	family: fc.constantFrom('x_pro' as const, 'unified' as const, 'ultra' as const),
	status: fc.constantFrom(...statuses),
	reportingIntervalSeconds: fc.integer({ min: 1, max: 3_600 }),
	lastHeardAtMs: fc.option(fc.integer({ min: 0, max: 100 * minuteMs }), { nil: null }),
	runState: fc.option(fc.constantFrom(...runStates, 'RUNNING', 'alarm'), { nil: null }),
	runStateAtMs: fc.option(fc.integer({ min: 0, max: 100 * minuteMs }), { nil: null }),
});
const engineKinds = commandKinds.filter((kind) => kind !== reboot);

describe('whatever a device said, and whenever', () => {
	test('nothing is told to an engine controller that is not live', () => {
		fc.assert(
			fc.property(words, fc.nat(200 * minuteMs), (word, nowMs) => {
				const condition = conditionAt(word, nowMs);
				const heardMs = word.lastHeardAtMs;
				const isLive = heardMs !== null && nowMs - heardMs <= 3_000 * word.reportingIntervalSeconds;
				expect(condition.isLive).toBe(isLive);
				for (const { interlocks } of engineKinds)
					if (!isLive) expect(forbidding(interlocks, condition)).not.toBeNull();
			}),
		);
	});

	test('an engine is started only by what it said lately to be standing', () => {
		fc.assert(
			fc.property(words, fc.nat(200 * minuteMs), (word, nowMs) => {
				if (forbidding(start.interlocks, conditionAt(word, nowMs)) !== null) return;
				expect(['stopped', 'standby']).toContain(word.runState);
				const ageMs = nowMs - (word.runStateAtMs ?? Number.NEGATIVE_INFINITY);
				expect(ageMs).toBeLessThanOrEqual(3_000 * word.reportingIntervalSeconds);
			}),
		);
	});

	test('a live engine that may run can be stopped, and never started and stopped at once', () => {
		fc.assert(
			fc.property(words, fc.nat(200 * minuteMs), (word, nowMs) => {
				const condition = conditionAt(word, nowMs);
				const mayStart = forbidding(start.interlocks, condition) === null;
				const mayStop = forbidding(stop.interlocks, condition) === null;
				expect(mayStart && mayStop).toBe(false);
				if (condition.isLive && word.runState === 'running') expect(mayStop).toBe(true);
			}),
		);
	});

	test('silence takes what was safe away, and gives nothing but a stop', () => {
		fc.assert(
			fc.property(words, fc.nat(100 * minuteMs), fc.nat(100 * minuteMs), (word, atMs, laterMs) => {
				for (const kind of engineKinds.filter((each) => each !== stop)) {
					const before = forbidding(kind.interlocks, conditionAt(word, atMs));
					const after = forbidding(kind.interlocks, conditionAt(word, atMs + laterMs));
					if (before !== null) expect(after).not.toBeNull();
				}
			}),
		);
	});
});

test('the kinds have names of their own, and time to answer', () => {
	expect(new Set(commandKinds.map(({ name }) => name)).size).toBe(commandKinds.length);
	for (const { families, expirySeconds, answerSeconds, name } of commandKinds) {
		expect(answerSeconds).toBeGreaterThanOrEqual(expirySeconds);
		if (name !== 'reboot') expect(families).not.toContain('ev');
	}
});

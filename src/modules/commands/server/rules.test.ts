import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resultStatuses } from '#contract/device-command.ts';
import { commandStates } from '../contract.ts';
import {
	type CommandAnswer,
	type CommandTimes,
	commandProgress,
	isUnderWay,
	mayBeSent,
	nextChangeAtMs,
} from './rules.ts';

const expiresAtMs = 60_000;
const answerByMs = 180_000;
const unsent: CommandTimes = { expiresAtMs, answerByMs, sentAtMs: null, arrivedAtMs: null };
const sent: CommandTimes = { ...unsent, sentAtMs: 1_000 };

function answer(status: CommandAnswer['status'], atMs: number, reason: string | null = null) {
	return { status, atMs, reason };
}

describe('how far a command has come', () => {
	test.each([
		['nobody took it yet', unsent, [], 59_999, { state: 'waiting', endedAtMs: null }],
		['nobody took it in time', unsent, [], 60_000, { state: 'expired', endedAtMs: 60_000 }],
		['handed over', sent, [], 179_999, { state: 'sent' }],
		['no answer', sent, [], 180_000, { state: 'timed_out', endedAtMs: 180_000 }],
		[
			'accepted',
			sent,
			[answer('ACCEPTED', 2_000)],
			3_000,
			{ state: 'accepted', acceptedAtMs: 2_000 },
		],
		[
			'accepted and then silence',
			sent,
			[answer('ACCEPTED', 2_000)],
			180_000,
			{ state: 'timed_out', acceptedAtMs: 2_000 },
		],
		[
			'done',
			sent,
			[answer('ACCEPTED', 2_000), answer('DONE', 9_000)],
			500_000,
			{ state: 'done', acceptedAtMs: 2_000, endedAtMs: 9_000, lateAnswer: null },
		],
		[
			'refused',
			sent,
			[answer('REFUSED', 2_000, 'busy')],
			3_000,
			{ state: 'refused', reason: 'busy' },
		],
		['failed', sent, [answer('FAILED', 2_000)], 3_000, { state: 'failed' }],
		[
			'two final answers: the first counts',
			sent,
			[answer('DONE', 2_000), answer('FAILED', 3_000)],
			4_000,
			{ state: 'done', endedAtMs: 2_000 },
		],
		[
			'done too late',
			sent,
			[answer('DONE', 180_000)],
			181_000,
			{ state: 'timed_out', lateAnswer: answer('DONE', 180_000) },
		],
		['answered by whom it was never given', unsent, [answer('DONE', 5)], 6, { state: 'waiting' }],
	])('%s', (_, times, answers, nowMs, expected) => {
		expect(commandProgress(times, answers, nowMs)).toMatchObject(expected);
	});
});

/** What may happen to a command, in any order and at any time. */
const happening = fc.record({
	afterMs: fc.integer({ min: 0, max: 90_000 }),
	what: fc.constantFrom('listens', 'loses the connection', 'acknowledges', ...resultStatuses),
});

/** Lives through what happens, as the server does: it hands over only what `mayBeSent` lets pass. */
function live(happenings: readonly { readonly afterMs: number; readonly what: string }[]) {
	const row = { expiresAtMs, answerByMs, sentAtMs: null, arrivedAtMs: null } as {
		-readonly [Name in keyof CommandTimes]: CommandTimes[Name];
	};
	const answers: CommandAnswer[] = [];
	const sendings: number[] = [];
	const states: string[] = [];
	let nowMs = 0;
	for (const { afterMs, what } of happenings) {
		nowMs += afterMs;
		const status = resultStatuses.find((each) => each === what);
		if (what === 'listens' && mayBeSent(row, answers, nowMs)) {
			row.sentAtMs = nowMs;
			sendings.push(nowMs);
		} else if (what === 'acknowledges' && row.sentAtMs !== null) row.arrivedAtMs ??= nowMs;
		else if (status !== undefined && row.sentAtMs !== null) answers.push(answer(status, nowMs));
		states.push(commandProgress(row, answers, nowMs).state);
	}
	return { row, answers, sendings, states, nowMs };
}

describe('whatever happens in whatever order', () => {
	test('nothing is handed over once it has expired, arrived or been answered', () => {
		fc.assert(
			fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
				const { row, answers, sendings } = live(happenings);
				for (const sentAtMs of sendings) {
					expect(sentAtMs).toBeLessThan(expiresAtMs);
					if (row.arrivedAtMs !== null) expect(sentAtMs).toBeLessThanOrEqual(row.arrivedAtMs);
					for (const { atMs } of answers) expect(sentAtMs).toBeLessThanOrEqual(atMs);
				}
			}),
		);
	});

	test('a final state stays, and no state leads back to an earlier one', () => {
		fc.assert(
			fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
				const { states } = live(happenings);
				for (const [index, state] of states.entries()) {
					const before = states[index - 1];
					if (before === undefined || before === state) continue;
					expect(commandStates.indexOf(state as 'sent')).toBeGreaterThan(
						commandStates.indexOf(before as 'sent'),
					);
					expect(['waiting', 'sent', 'accepted']).toContain(before);
				}
			}),
		);
	});

	test('time alone changes the state at the announced instant and not before', () => {
		fc.assert(
			fc.property(
				fc.array(happening, { maxLength: 10 }),
				fc.double({ min: 0, max: 1, noNaN: true }),
				(happenings, part) => {
					const { row, answers, nowMs } = live(happenings);
					const now = commandProgress(row, answers, nowMs).state;
					const nextMs = nextChangeAtMs(row, answers, nowMs);
					if (nextMs === Number.POSITIVE_INFINITY) {
						expect(isUnderWay(now)).toBe(false);
						expect(commandProgress(row, answers, nowMs + 1e9).state).toBe(now);
						return;
					}
					const betweenMs = nowMs + Math.floor((nextMs - 1 - nowMs) * part);
					expect(commandProgress(row, answers, betweenMs).state).toBe(now);
					expect(commandProgress(row, answers, nextMs).state).not.toBe(now);
				},
			),
		);
	});
});

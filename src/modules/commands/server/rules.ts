import type { ResultStatus } from '#contract/device-command.ts';
import type { CommandState, TracedCommand } from '../contract.ts';

/** When a command was asked for, may be handed over, was handed over. Instants are epoch milliseconds. */
export interface CommandTimes {
	readonly expiresAtMs: number;
	readonly answerByMs: number;
	readonly sentAtMs: number | null;
	readonly arrivedAtMs: number | null;
}

/** What the device said of a command; `atMs` is when the server received it. */
export interface CommandAnswer {
	readonly status: ResultStatus;
	readonly reason: string | null;
	readonly atMs: number;
}

export type CommandProgress = Pick<
	TracedCommand,
	'state' | 'acceptedAtMs' | 'endedAtMs' | 'reason' | 'lateAnswer'
>;

const finalStates: Partial<Record<ResultStatus, CommandState>> = {
	DONE: 'done',
	REFUSED: 'refused',
	FAILED: 'failed',
};

/**
 * How far a command has come: its row, what the device answered, and the time decide, nothing else. The first final
 * answer counts. Once a state is final no later answer changes it; it shows as late.
 */
export function commandProgress(
	times: CommandTimes,
	answers: readonly CommandAnswer[],
	nowMs: number,
): CommandProgress {
	const { answerByMs, expiresAtMs, sentAtMs } = times;
	// Nobody can answer what was never handed over.
	const heard = sentAtMs === null ? [] : answers;
	const inTime = heard.filter((answer) => answer.atMs < answerByMs);
	const acceptedAtMs = inTime.find((answer) => answer.status === 'ACCEPTED')?.atMs ?? null;
	const final = inTime.find((answer) => finalStates[answer.status] !== undefined);
	const open = { acceptedAtMs, endedAtMs: null, reason: null, lateAnswer: null };
	if (final !== undefined)
		return {
			...open,
			state: finalStates[final.status] ?? 'failed',
			endedAtMs: final.atMs,
			reason: final.reason,
		};
	if (sentAtMs === null)
		return nowMs >= expiresAtMs
			? { ...open, state: 'expired', endedAtMs: expiresAtMs }
			: { ...open, state: 'waiting' };
	if (nowMs >= answerByMs) {
		const late = heard.find((answer) => finalStates[answer.status] !== undefined) ?? null;
		return { ...open, state: 'timed_out', endedAtMs: answerByMs, lateAnswer: late };
	}
	return { ...open, state: acceptedAtMs === null ? 'sent' : 'accepted' };
}

/** Whether the device may still do it, so that it gets no other command meanwhile. */
export function isUnderWay(state: CommandState): boolean {
	return state === 'waiting' || state === 'sent' || state === 'accepted';
}

/** Whether a command may be handed to a connection now: unexpired, and no connection acknowledged or answered it. */
export function mayBeSent(
	times: CommandTimes,
	answers: readonly CommandAnswer[],
	nowMs: number,
): boolean {
	return nowMs < times.expiresAtMs && times.arrivedAtMs === null && answers.length === 0;
}

/** The next instant at which time alone changes the state; Infinity when it is final. */
export function nextChangeAtMs(
	times: CommandTimes,
	answers: readonly CommandAnswer[],
	nowMs: number,
): number {
	const { state } = commandProgress(times, answers, nowMs);
	if (!isUnderWay(state)) return Number.POSITIVE_INFINITY;
	return state === 'waiting' ? times.expiresAtMs : times.answerByMs;
}

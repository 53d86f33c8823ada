import type { TracedCommand } from '../../contract.ts';
import { resultText, stateText } from '../state-words.ts';
import { text } from '../text.ts';

interface Step {
	readonly label: string;
	/** Epoch milliseconds. */
	readonly atMs: number;
}

/** What happened to a command, in its order; what has not happened is left out. */
export function stepsOf(command: TracedCommand): Step[] {
	const { lateAnswer } = command;
	const steps: { readonly label: string; readonly atMs: number | null }[] = [
		{ label: text('askedBy', { who: command.requestedBy }), atMs: command.requestedAtMs },
		{ label: text('stepSent'), atMs: command.sentAtMs },
		{ label: text('stepArrived'), atMs: command.arrivedAtMs },
		{ label: text('stepAccepted'), atMs: command.acceptedAtMs },
		{ label: stateText(command.state), atMs: command.endedAtMs },
		{
			label: lateAnswer === null ? '' : text('stepLate', { status: resultText(lateAnswer.status) }),
			atMs: lateAnswer?.atMs ?? null,
		},
	];
	return steps.flatMap(({ label, atMs }) => (atMs === null ? [] : [{ label, atMs }]));
}

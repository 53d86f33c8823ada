import type { ResultStatus } from '#contract/device-command.ts';
import { type CommandKind, type CommandState, reboot } from '../contract.ts';
import { text } from './text.ts';

const kinds: readonly CommandKind[] = [reboot];

/** How a command reads; one that this page does not know reads by its name. */
export function kindLabel(name: string): string {
	return kinds.find((kind) => kind.name === name)?.label ?? name;
}

const stateTexts: Record<CommandState, string> = {
	waiting: text('waiting'),
	sent: text('sent'),
	accepted: text('accepted'),
	done: text('done'),
	refused: text('refused'),
	failed: text('failed'),
	timed_out: text('timedOut'),
	expired: text('expired'),
};

export function stateText(state: CommandState): string {
	return stateTexts[state];
}

const resultTexts: Record<ResultStatus, string> = {
	ACCEPTED: text('accepted'),
	DONE: text('done'),
	REFUSED: text('refused'),
	FAILED: text('failed'),
};

/** What a device answered, in words. */
export function resultText(status: ResultStatus): string {
	return resultTexts[status];
}

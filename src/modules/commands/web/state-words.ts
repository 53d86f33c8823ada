import type { ResultStatus } from '#contract/device-command.ts';
import type { DeviceIdentity } from '#web/device-offer.ts';
import {
	type CommandKind,
	type CommandState,
	commandKinds,
	type Interlock,
	type TracedCommand,
} from '../contract.ts';
import { text } from './text.ts';

/** How a command reads; one that this page does not know reads by its name. */
export function kindLabel(name: string): string {
	return commandKinds.find((kind) => kind.name === name)?.label ?? name;
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

/** Why a command is not safe now; null when nothing forbids it. */
export function unsafeText({ label }: CommandKind, interlock: Interlock | null): string | null {
	if (interlock === null) return null;
	return text('unsafe', { command: label, because: interlock.because });
}

/** What became of a command that was just given. */
export function givenText(
	{ label: command, expirySeconds: seconds }: CommandKind,
	{ vin, name, deviceId }: DeviceIdentity,
	{ state }: TracedCommand,
): string {
	const device = vin ?? name ?? deviceId;
	return state === 'waiting'
		? text('waitingToast', { command, device, seconds })
		: text('sentToast', { command, device });
}

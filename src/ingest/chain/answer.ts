import { maxReasonLength, resultMessageSchema } from '#contract/device-command.ts';
import type { CommandResult, GivenCommand } from '../command-result.ts';
import type { DeviceMessage } from '../message.ts';
import { drop, type Outcome, pass, Unreadable } from '../outcome.ts';
import { parseJson } from './recognise.ts';

/** Parses what a device says about a command. @throws Unreadable when the body is not JSON, or not a result */
export function recogniseResult(message: DeviceMessage, commandId: string): CommandResult {
	const parsed = resultMessageSchema.safeParse(parseJson(message));
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new Unreadable('not_a_result', `${issue?.path.join('.')}: ${issue?.message}`);
	}
	const { status, reason } = parsed.data;
	return { message, commandId, status, reason: reason ? storable(reason) : null };
}

/**
 * Drops an answer to a command that was never given to this device, and one that was stored before. What passes counts
 * as answered.
 */
export function discardUnasked(result: CommandResult, command: GivenCommand | undefined): Outcome {
	if (command === undefined) return drop('unknown_command');
	if (command.answered.has(result.status)) return drop('repeat');
	command.answered.add(result.status);
	return pass;
}

/** PostgreSQL's text holds neither NUL nor half of a surrogate pair. */
function storable(reason: string): string {
	return reason.replaceAll('\0', '').slice(0, maxReasonLength).toWellFormed();
}

import type { ResultStatus } from '#contract/device-command.ts';
import type { DeviceMessage } from './message.ts';

/** What a device answered to a command, on its way through the chain. */
export interface CommandResult {
	readonly message: DeviceMessage;
	readonly commandId: string;
	readonly status: ResultStatus;
	readonly reason: string | null;
}

/** A command that was given to a device, and what the device has answered so far. */
export interface GivenCommand {
	readonly name: string;
	readonly answered: Set<string>;
}

/** Commands that were given, by {@link commandKey}. */
export type GivenCommands = ReadonlyMap<string, GivenCommand>;

/** A command of one device, as a key of maps: another device's answer to it is none. */
export function commandKey(deviceNo: number, commandId: string): string {
	return `${deviceNo}/${commandId}`;
}

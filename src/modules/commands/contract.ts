import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { type CommandValue, resultStatuses } from '#contract/device-command.ts';
import type { DeviceCondition } from '#contract/device-condition.ts';
import { type SettingValues, settingNames, writableSettings } from '#contract/device-settings.ts';
import { endpoint } from '#contract/endpoint.ts';
import { fact } from '#contract/fact.ts';
import { type DeviceFamily, deviceFamilies, engineFamilies } from '#contract/family.ts';
import { fleetReaders, type Role } from '#contract/roles.ts';
import { topic } from '#contract/topic.ts';

/** A condition of the device in which a command is not safe. */
export interface Interlock {
	/** Completes "… is not safe now:", as in `the vehicle is moving`. */
	readonly because: string;
	forbids(device: DeviceCondition): boolean;
}

/** What the value of a command is checked against. */
export interface SettledDevice {
	readonly family: DeviceFamily;
	/** As far as they are known. */
	readonly settings: SettingValues;
}

/** Something a device can be told to do. Declared once; the server's checks and the pages follow it. */
export interface CommandKind {
	/** As the device hears it. */
	readonly name: string;
	/** As people read it. */
	readonly label: string;
	/** What it does to the device, for whoever is about to confirm it. */
	readonly sentence: string;
	readonly families: readonly DeviceFamily[];
	readonly admits: readonly Role[];
	/** What may come with it, by the device it is for; null for a command that carries nothing. */
	readonly value: ((device: SettledDevice) => z.ZodType<CommandValue>) | null;
	/** It is handed to the device within this time of the request or never. */
	readonly expirySeconds: number;
	/** Without a final answer within this time of the request it has timed out. At least the expiry. */
	readonly answerSeconds: number;
	/** Checked when it is asked for and each time it is handed to the device. */
	readonly interlocks: readonly Interlock[];
}

/** Declares one kind of command. */
export function commandKind(declaration: CommandKind): CommandKind {
	return declaration;
}

/** The first interlock that forbids a command to a device in this condition, or null. */
export function forbidding(
	interlocks: readonly Interlock[],
	device: DeviceCondition,
): Interlock | null {
	return interlocks.find((interlock) => interlock.forbids(device)) ?? null;
}

/** Roles that may tell devices anything at all; each kind narrows them. */
const commanders = ['super_admin', 'admin', 'dealer'] as const satisfies readonly Role[];

export const reboot = commandKind({
	name: 'reboot',
	label: 'Reboot',
	sentence: 'The controller restarts and does not report meanwhile.',
	families: deviceFamilies,
	admits: commanders,
	value: null,
	expirySeconds: 60,
	answerSeconds: 180,
	interlocks: [],
});

const notLive: Interlock = {
	because: 'the device was not heard lately',
	forbids: ({ isLive }) => !isLive,
};
/** Unknown counts as what could do harm: an engine that somebody stands beside, or one that turns already. */
const unknownRunState: Interlock = {
	because: 'it is not known whether the engine runs',
	forbids: ({ runState }) => runState === null,
};
const turning: Interlock = {
	because: 'the engine is starting or running',
	forbids: ({ runState }) =>
		runState === 'starting' || runState === 'running' || runState === 'cooling',
};
const faulty: Interlock = {
	because: 'the controller reports a fault, which has to be reset first',
	forbids: ({ runState }) => runState === 'fault',
};
const standing: Interlock = {
	because: 'the engine does not run',
	forbids: ({ runState }) =>
		runState === 'stopped' || runState === 'standby' || runState === 'fault',
};
const standingBy: Interlock = {
	because: 'the controller stands by already',
	forbids: ({ runState }) => runState === 'standby',
};

export const start = commandKind({
	name: 'start',
	label: 'Start',
	sentence: 'The engine starts. Make sure that nobody works on it.',
	families: engineFamilies,
	admits: commanders,
	value: null,
	expirySeconds: 30,
	answerSeconds: 120,
	interlocks: [notLive, unknownRunState, turning, faulty],
});

/** Whatever is not known to stand still may be stopped. */
export const stop = commandKind({
	name: 'stop',
	label: 'Stop',
	sentence: 'The engine stops at once and does not start again by itself.',
	families: engineFamilies,
	admits: commanders,
	value: null,
	expirySeconds: 60,
	answerSeconds: 120,
	interlocks: [notLive, standing],
});

export const returnToStandby = commandKind({
	name: 'return_to_standby',
	label: 'Return to standby',
	sentence:
		'An engine that runs cools down and stops. From then on the controller starts it by itself when it has reason to.',
	families: engineFamilies,
	admits: commanders,
	value: null,
	expirySeconds: 60,
	answerSeconds: 120,
	interlocks: [notLive, unknownRunState, faulty, standingBy],
});

export const resetFault = commandKind({
	name: 'reset_fault',
	label: 'Reset fault',
	sentence: 'The controller forgets its fault. The engine can be started again.',
	families: engineFamilies,
	admits: commanders,
	value: null,
	expirySeconds: 60,
	answerSeconds: 120,
	interlocks: [notLive, unknownRunState, turning],
});

export const changeSettings = commandKind({
	name: 'settings',
	label: 'Change settings',
	sentence: 'The controller works by these settings from now on.',
	families: engineFamilies,
	admits: commanders,
	value: ({ family, settings }) => writableSettings(family, settings),
	expirySeconds: 60,
	answerSeconds: 120,
	interlocks: [notLive],
});

/** Everything that devices can be told to do. */
export const commandKinds: readonly CommandKind[] = [
	start,
	stop,
	returnToStandby,
	resetFault,
	changeSettings,
	reboot,
];

/**
 * How far a command has come. `waiting`: no connection of the device has taken it yet. The last five are final:
 * `timed_out` was handed over and not answered in time, `expired` was never handed over and never will be.
 */
export const commandStates = [
	'waiting',
	'sent',
	'accepted',
	'done',
	'refused',
	'failed',
	'timed_out',
	'expired',
] as const;
export const commandStateSchema = z.enum(commandStates);
export type CommandState = z.infer<typeof commandStateSchema>;

const resultStatusSchema = z.enum(resultStatuses);

/** One command with its trace. Instants are epoch milliseconds. */
export const tracedCommandSchema = z.object({
	commandId: z.string(),
	name: z.string(),
	label: z.string(),
	/** What came with it. */
	value: z.json().default(null),
	state: commandStateSchema,
	requestedAtMs: z.number(),
	requestedBy: z.string(),
	expiresAtMs: z.number(),
	answerByMs: z.number(),
	/** Last time it was handed to a connection of the device. */
	sentAtMs: z.number().nullable(),
	/** When that connection acknowledged it. */
	arrivedAtMs: z.number().nullable(),
	acceptedAtMs: z.number().nullable(),
	/** When it reached its final state. */
	endedAtMs: z.number().nullable(),
	/** What the device gave as reason with its final answer. */
	reason: z.string().nullable(),
	/** A final answer that came after the time-out. */
	lateAnswer: z
		.object({ status: resultStatusSchema, atMs: z.number(), reason: z.string().nullable() })
		.nullable(),
});
export type TracedCommand = z.infer<typeof tracedCommandSchema>;

const deviceParams = z.object({ deviceId: z.string().max(64) });

export const requestCommand = endpoint({
	method: 'POST',
	path: '/api/devices/:deviceId/commands',
	summary: 'Tells a device to do something, within seconds or not at all',
	admits: commanders,
	params: deviceParams,
	body: z.object({
		name: z.string().max(64),
		value: z.json().optional(),
		confirm: confirmationSchema,
	}),
	reply: tracedCommandSchema,
});

export const commandsPageSchema = z.object({
	commands: z.array(tracedCommandSchema),
	/** Commands to this device that the reader may see. */
	total: z.int(),
	asOfMs: z.number(),
});
export type CommandsPage = z.infer<typeof commandsPageSchema>;

export const commandsPageSize = 10;

export const listCommands = endpoint({
	method: 'GET',
	path: '/api/devices/:deviceId/commands',
	summary: 'What a device was told to do and what came of it, newest first',
	admits: fleetReaders,
	params: deviceParams,
	query: z.object({
		page: z.coerce.number().int().min(1).max(1_000_000).default(1),
		pageSize: z.coerce.number().int().min(1).max(100).default(commandsPageSize),
	}),
	reply: commandsPageSchema,
});

/** The first page of a device's commands, now and whenever something in it changes. */
export const deviceCommandsTopic = topic({
	name: 'device.commands',
	admits: fleetReaders,
	params: deviceParams,
	message: commandsPageSchema,
});

/** A setting that a device has: what it said last, or what was written to it since and answered with DONE. */
export const heldSettingSchema = z.object({
	value: z.union([z.number(), z.string()]),
	source: z.enum(['reported', 'written']),
	atMs: z.number(),
});
export type HeldSetting = z.infer<typeof heldSettingSchema>;

const heldSettingsSchema = z.partialRecord(z.enum(settingNames), heldSettingSchema);
/** By name; a setting of which nothing is known is not there. */
export type HeldSettings = z.infer<typeof heldSettingsSchema>;

/** The values alone. */
export function settingValues(held: HeldSettings): SettingValues {
	return Object.fromEntries(Object.entries(held).map(([name, { value }]) => [name, value]));
}

export const showSettings = endpoint({
	method: 'GET',
	path: '/api/devices/:deviceId/settings',
	summary: 'The settings that an engine controller has, as far as they are known',
	admits: fleetReaders,
	params: deviceParams,
	reply: z.object({ settings: heldSettingsSchema, asOfMs: z.number() }),
});

/** A device answered a command. */
export const commandAnswered = fact({
	kind: 'command_answered',
	details: z.object({
		commandId: z.string(),
		name: z.string(),
		status: resultStatusSchema,
		reason: z.string().nullable(),
	}),
});

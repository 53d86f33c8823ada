import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { type CommandValue, resultStatuses } from '#contract/device-command.ts';
import { endpoint } from '#contract/endpoint.ts';
import { fact } from '#contract/fact.ts';
import { type DeviceFamily, deviceFamilies } from '#contract/family.ts';
import { fleetReaders, type Role } from '#contract/roles.ts';
import type { Status } from '#contract/status.ts';
import { topic } from '#contract/topic.ts';

/** What an interlock may know of a device: its newest word. */
export interface DeviceCondition {
	readonly family: DeviceFamily;
	readonly status: Status;
}

/** A condition of the device in which a command is not safe. */
export interface Interlock {
	/** Completes "… is not safe now:", as in `the vehicle is moving`. */
	readonly because: string;
	forbids(device: DeviceCondition): boolean;
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
	/** What comes with it; null for a command that carries nothing. */
	readonly value: z.ZodType<CommandValue> | null;
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

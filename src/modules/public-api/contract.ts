import { z } from 'zod';
import { resultStatuses } from '#contract/device-command.ts';
import { settingNames } from '#contract/device-settings.ts';
import { endpoint } from '#contract/endpoint.ts';
import { deviceFamilySchema, transportSchema } from '#contract/family.ts';
import type { FaultCode } from '#contract/faults.ts';
import { fleetReaders, type Role, roleSchema } from '#contract/roles.ts';
import { rowNumberInQuery } from '#contract/row-number.ts';
import { statusCountsSchema, statusSchema } from '#contract/status.ts';
import { commandKinds, commandStateSchema } from '#modules/commands/contract.ts';

/** Everything below it is for programs, and stays as it is: what changes incompatibly gets another number. */
export const publicApiPath = '/api/v1';
export const publicDocumentPath = `${publicApiPath}/openapi.json`;
export const publicDocsPath = `${publicApiPath}/docs`;

/** Roles whose tokens may control, the Customer's where it was lent. */
const controllers = [
	'super_admin',
	'admin',
	'dealer',
	'customer',
] as const satisfies readonly Role[];

const instant = z.iso.datetime();
const cursor = z
	.string()
	.max(200)
	.optional()
	.describe('`next` of the page before; opaque, and good for the same filters only');
const next = z.string().nullable().describe('Cursor of the next page; null on the last');
const deviceParams = z.object({ device_id: z.string().max(64) });
const deviceExample = { device_id: 'EV-2041' };

export const showMe = endpoint({
	method: 'GET',
	path: '/api/v1/me',
	summary: 'For whom the token acts, and what it may',
	admits: fleetReaders,
	tokens: 'read',
	reply: z.object({
		token: z
			.object({
				name: z.string(),
				may_control: z.boolean(),
				expires_at: instant.nullable().describe('Null: never'),
			})
			.nullable()
			.describe('Null for a signed-in browser'),
		owner: z.object({ email: z.string(), name: z.string(), role: roleSchema }),
		organization: z.object({ name: z.string(), time_zone: z.string() }),
		scope: z.object({
			dealer_id: z.int().nullable().describe('Null: not narrowed to a dealer'),
			customer_ids: z.array(z.int()).nullable().describe('Null: not narrowed to customers'),
			is_restricted_to_devices: z.boolean(),
			devices: z.int().describe('How many devices that are now'),
		}),
	}),
	example: {
		reply: {
			token: {
				name: 'Nightly report',
				may_control: false,
				expires_at: '2027-02-19T08:30:00.000Z',
			},
			owner: { email: 'ops@example.com', name: 'Operations', role: 'operation' },
			organization: { name: 'Harbour Fleet', time_zone: 'Asia/Kolkata' },
			scope: {
				dealer_id: null,
				customer_ids: null,
				is_restricted_to_devices: false,
				devices: 8030,
			},
		},
	},
});

export const showFleetSummary = endpoint({
	method: 'GET',
	path: '/api/v1/fleet/summary',
	summary: 'How many devices there are, in which status, and how many are live',
	admits: fleetReaders,
	tokens: 'read',
	reply: z.object({
		total: z.int(),
		live: z.int().describe('Heard within three reporting intervals'),
		statuses: statusCountsSchema.describe('They add up to the total'),
		as_of: instant,
	}),
	example: {
		reply: {
			total: 8030,
			live: 7412,
			statuses: {
				moving: 2160,
				stopped: 1604,
				ignition_off: 2870,
				charging: 815,
				offline: 402,
				not_communicating: 179,
			},
			as_of: '2026-11-21T08:30:00.000Z',
		},
	},
});

const deviceSchema = z.object({
	device_id: z.string(),
	telematics_id: z.string().nullable(),
	name: z.string().nullable(),
	family: deviceFamilySchema,
	transport: transportSchema.nullable(),
	vin: z.string().nullable(),
	registration_number: z.string().nullable(),
	model: z.string().nullable(),
	customer: z.object({ id: z.int(), name: z.string() }).nullable(),
	dealer: z.string().nullable(),
	product_status: z.string().nullable(),
	reporting_interval_seconds: z.int(),
	status: statusSchema,
	is_live: z.boolean(),
	last_heard_at: instant.nullable(),
	firmware: z.string().nullable(),
});
export type PublicDevice = z.infer<typeof deviceSchema>;

const exampleDevice: PublicDevice = {
	device_id: 'EV-2041',
	telematics_id: '865006042041937',
	name: null,
	family: 'ev',
	transport: 'gsm',
	vin: 'MD9EV3W2041000172',
	registration_number: 'TN 10 AB 2041',
	model: 'Cargo 3W',
	customer: { id: 17, name: 'Lotus Logistics' },
	dealer: 'Banyan Motors',
	product_status: 'sold',
	reporting_interval_seconds: 300,
	status: 'moving',
	is_live: true,
	last_heard_at: '2026-11-21T08:29:41.512Z',
	firmware: '2.4.1',
};

export const mostDevicesPerPage = 200;

export const listPublicDevices = endpoint({
	method: 'GET',
	path: '/api/v1/devices',
	summary: 'Devices in the order of their registration, page by page',
	admits: fleetReaders,
	tokens: 'read',
	query: z.object({
		limit: z.coerce.number().int().min(1).max(mostDevicesPerPage).default(50),
		cursor,
		status: z
			.string()
			.max(200)
			.default('')
			.describe('Statuses, separated by commas; left out: all')
			.transform((text) => text.split(',').filter((part) => part !== ''))
			.pipe(z.array(statusSchema)),
		family: deviceFamilySchema.optional(),
		customer: rowNumberInQuery.optional().describe('Id of a customer'),
		q: z
			.string()
			.trim()
			.max(100)
			.default('')
			.describe('Part of an id, a VIN, a name, a customer, a dealer, or a firmware version'),
	}),
	reply: z.object({ devices: z.array(deviceSchema), next }),
	refuses: ['invalid_input'],
	example: {
		query: { limit: 50, status: 'moving,charging', family: 'ev' },
		reply: { devices: [exampleDevice], next: 'MjA0MQ' },
	},
});

export const showPublicDevice = endpoint({
	method: 'GET',
	path: '/api/v1/devices/:device_id',
	summary: 'One device with what it is fitted to and whose it is',
	admits: fleetReaders,
	tokens: 'read',
	params: deviceParams,
	reply: deviceSchema,
	refuses: ['not_found'],
	example: { params: deviceExample, reply: exampleDevice },
});

export const showPublicStatus = endpoint({
	method: 'GET',
	path: '/api/v1/devices/:device_id/status',
	summary: 'What a device is doing by its last word',
	admits: fleetReaders,
	tokens: 'read',
	params: deviceParams,
	reply: z.object({
		device_id: z.string(),
		status: statusSchema,
		status_label: z.string().describe('As people of this family of devices read it'),
		is_live: z.boolean(),
		last_heard_at: instant.nullable(),
		ignition: z.boolean().nullable(),
		charging: z.boolean().nullable(),
		run_state: z.string().nullable().describe('Of engine controllers'),
		firmware: z.string().nullable(),
		signal: z.number().nullable().describe('0–31 as in 3GPP TS 27.007; 99 unknown'),
		position: z
			.object({ latitude: z.number(), longitude: z.number(), at: instant.nullable() })
			.nullable(),
		is_clock_wrong: z.boolean(),
		as_of: instant,
	}),
	refuses: ['not_found'],
	example: {
		params: deviceExample,
		reply: {
			device_id: 'EV-2041',
			status: 'moving',
			status_label: 'Moving',
			is_live: true,
			last_heard_at: '2026-11-21T08:29:41.512Z',
			ignition: true,
			charging: false,
			run_state: null,
			firmware: '2.4.1',
			signal: 24,
			position: { latitude: 13.0827, longitude: 80.2707, at: '2026-11-21T08:29:40.000Z' },
			is_clock_wrong: false,
			as_of: '2026-11-21T08:30:00.000Z',
		},
	},
});

const valueSchema = z.union([z.number(), z.boolean(), z.string()]);
const unitsSchema = z
	.record(z.string(), z.string().nullable())
	.describe('Unit of each value; `hhhh:mm:ss` for running times, null for what has none');
const valuesSchema = z
	.record(z.string(), valueSchema.nullable())
	.describe('By name; null: the device did not say');
const sensorsSchema = z
	.record(z.string(), valueSchema)
	.describe('Everything else it said, by its own names');

const exampleUnits = {
	battery_voltage: 'V',
	run_signal: null,
	temperature: '°C',
	total_hours: 'hhhh:mm:ss',
	last_runtime_hours: 'hhhh:mm:ss',
};

export const showTelemetry = endpoint({
	method: 'GET',
	path: '/api/v1/devices/:device_id/telemetry',
	summary: 'The newest values of a device, with their units and times',
	admits: fleetReaders,
	tokens: 'read',
	params: deviceParams,
	reply: z.object({
		device_id: z.string(),
		family: deviceFamilySchema,
		last_heard_at: instant.nullable(),
		values: valuesSchema,
		units: unitsSchema,
		measured_at: z
			.record(z.string(), instant.nullable())
			.describe('Each group of values is as new as its own time'),
		sensors: sensorsSchema,
	}),
	refuses: ['not_found'],
	example: {
		params: { device_id: 'XP-0107' },
		reply: {
			device_id: 'XP-0107',
			family: 'x_pro',
			last_heard_at: '2026-11-21T08:29:12.004Z',
			values: {
				battery_voltage: 13.6,
				run_signal: 4.2,
				temperature: 71,
				total_hours: '0217:47:12',
				last_runtime_hours: '0001:12:30',
			},
			units: exampleUnits,
			measured_at: {
				position: null,
				power: '2026-11-21T08:29:10.000Z',
				vehicle: null,
				engine: '2026-11-21T08:29:10.000Z',
			},
			sensors: {},
		},
	},
});

/** Readings are kept as they came; a page of more would take long to read. */
export const mostReadingsPerPage = 1_000;
export const longestHistoryDays = 31;

export const listTelemetry = endpoint({
	method: 'GET',
	path: '/api/v1/devices/:device_id/telemetry/history',
	summary: 'Every reading of a device in a period, oldest first, page by page',
	admits: fleetReaders,
	tokens: 'read',
	params: deviceParams,
	query: z
		.object({
			from: z.iso.datetime({ offset: true }).describe('Included'),
			to: z.iso.datetime({ offset: true }).describe('Excluded'),
			limit: z.coerce.number().int().min(1).max(mostReadingsPerPage).default(200),
			cursor,
		})
		.refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
			path: ['to'],
			message: 'The end has to be after the start.',
		})
		.refine(
			({ from, to }) => Date.parse(to) - Date.parse(from) <= longestHistoryDays * 86_400_000,
			{ path: ['from'], message: `Ask for at most ${longestHistoryDays} days at once.` },
		),
	reply: z.object({
		device_id: z.string(),
		units: unitsSchema,
		readings: z.array(
			z.object({
				at: instant,
				received_at: instant,
				values: valuesSchema,
				sensors: sensorsSchema,
			}),
		),
		next,
	}),
	refuses: ['invalid_input', 'not_found'],
	example: {
		params: { device_id: 'XP-0107' },
		query: { from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z', limit: 200 },
		reply: {
			device_id: 'XP-0107',
			units: exampleUnits,
			readings: [
				{
					at: '2026-11-21T08:29:10.000Z',
					received_at: '2026-11-21T08:29:12.004Z',
					values: {
						battery_voltage: 13.6,
						run_signal: 4.2,
						temperature: 71,
						total_hours: '0217:47:12',
						last_runtime_hours: '0001:12:30',
					},
					sensors: {},
				},
			],
			next: null,
		},
	},
});

const commandSchema = z.object({
	command_id: z.string(),
	device_id: z.string(),
	command: z.string(),
	label: z.string(),
	value: z.json().describe('What came with it; null: nothing'),
	state: commandStateSchema.describe(
		'The last five are final. `expired`: never handed over, and never will be',
	),
	requested_at: instant,
	requested_by: z.string(),
	expires_at: instant,
	answer_by: instant,
	sent_at: instant.nullable(),
	arrived_at: instant.nullable(),
	accepted_at: instant.nullable(),
	ended_at: instant.nullable(),
	reason: z.string().nullable().describe('What the device gave with its final answer'),
	late_answer: z
		.object({
			status: z.enum(resultStatuses),
			at: instant,
			reason: z.string().nullable(),
		})
		.nullable()
		.describe('A final answer that came after the time-out'),
});
export type PublicCommand = z.infer<typeof commandSchema>;

const exampleCommand: PublicCommand = {
	command_id: '6f6f3d0e-64a7-4a43-9d3e-1c2a8d7b9f10',
	device_id: 'EV-2041',
	command: 'reboot',
	label: 'Reboot',
	value: null,
	state: 'waiting',
	requested_at: '2026-11-21T08:30:00.000Z',
	requested_by: 'Fleet Admin (API token)',
	expires_at: '2026-11-21T08:31:00.000Z',
	answer_by: '2026-11-21T08:33:00.000Z',
	sent_at: null,
	arrived_at: null,
	accepted_at: null,
	ended_at: null,
	reason: null,
	late_answer: null,
};

export const listPublicCommands = endpoint({
	method: 'GET',
	path: '/api/v1/devices/:device_id/commands',
	summary: 'What a device was told to do and what came of it, newest first, page by page',
	admits: fleetReaders,
	tokens: 'read',
	params: deviceParams,
	query: z.object({
		limit: z.coerce.number().int().min(1).max(100).default(20),
		cursor,
	}),
	reply: z.object({ commands: z.array(commandSchema), next }),
	refuses: ['invalid_input', 'not_found'],
	example: {
		params: deviceExample,
		query: { limit: 20 },
		reply: { commands: [exampleCommand], next: null },
	},
});

const commandRefusals = [
	'invalid_input',
	'token_needed',
	'token_read_only',
	'not_permitted',
	'not_found',
	'command_not_for_family',
	'command_interlocked',
	'command_under_way',
	'idempotency_in_progress',
	'idempotency_key_reused',
] as const satisfies readonly FaultCode[];

export const sendPublicCommand = endpoint({
	method: 'POST',
	path: '/api/v1/devices/:device_id/commands',
	summary:
		'Tells a device to do something, within seconds or never; takes control-enabled tokens alone',
	admits: controllers,
	tokens: 'control',
	isIdempotent: true,
	status: 202,
	params: deviceParams,
	body: z.object({
		command: z
			.string()
			.max(64)
			.describe(
				`${commandKinds.map(({ name }) => `\`${name}\``).join(', ')}; all but \`reboot\` for engine controllers alone`,
			),
		value: z
			.json()
			.optional()
			.describe('What comes with it: the settings to change by name, for `settings`'),
	}),
	reply: commandSchema,
	refuses: commandRefusals,
	example: { params: deviceExample, body: { command: 'reboot' }, reply: exampleCommand },
});

export const showPublicCommand = endpoint({
	method: 'GET',
	path: '/api/v1/devices/:device_id/commands/:command_id',
	summary: 'How far a command has come',
	admits: fleetReaders,
	tokens: 'read',
	params: deviceParams.extend({ command_id: z.string().max(64) }),
	reply: commandSchema,
	refuses: ['not_found'],
	example: {
		params: { ...deviceExample, command_id: exampleCommand.command_id },
		reply: {
			...exampleCommand,
			state: 'done',
			sent_at: '2026-11-21T08:30:00.041Z',
			arrived_at: '2026-11-21T08:30:00.310Z',
			accepted_at: '2026-11-21T08:30:00.502Z',
			ended_at: '2026-11-21T08:30:21.877Z',
		},
	},
});

const settingValueSchema = z.union([z.number(), z.string()]);

const settingSchema = z.object({
	label: z.string(),
	value: settingValueSchema.nullable().describe('Null: not known'),
	unit: z.string().nullable(),
	min: z.number().nullable().describe('Null for what is no number, as are `max` and `step`'),
	max: z.number().nullable(),
	step: z.number().nullable(),
	source: z
		.enum(['reported', 'written'])
		.nullable()
		.describe('Whether the device reported it, or it was written since and answered with DONE'),
	at: instant.nullable(),
});
export type PublicSetting = z.infer<typeof settingSchema>;

const engineExample = { device_id: 'XP-0107' };

export const showPublicSettings = endpoint({
	method: 'GET',
	path: '/api/v1/devices/:device_id/settings',
	summary: 'The settings of an engine controller with their ranges, as far as they are known',
	admits: fleetReaders,
	tokens: 'read',
	params: deviceParams,
	reply: z.object({
		device_id: z.string(),
		family: deviceFamilySchema,
		settings: z
			.partialRecord(z.enum(settingNames), settingSchema)
			.describe('By name: those that devices of the family have; none for `ev`'),
	}),
	refuses: ['not_found'],
	example: {
		params: engineExample,
		reply: {
			device_id: 'XP-0107',
			family: 'x_pro',
			settings: {
				low_battery_start_v: {
					label: 'Low battery start',
					value: 12.1,
					unit: 'V',
					min: 9,
					max: 57,
					step: 0.1,
					source: 'reported',
					at: '2026-11-21T08:29:10.000Z',
				},
			},
		},
	},
});

export const changePublicSettings = endpoint({
	method: 'PATCH',
	path: '/api/v1/devices/:device_id/settings',
	summary:
		'Changes settings of an engine controller by a command; takes control-enabled tokens alone',
	admits: controllers,
	tokens: 'control',
	isIdempotent: true,
	status: 202,
	params: deviceParams,
	body: z.object({
		settings: z
			.record(z.string().max(64), settingValueSchema)
			.describe('Those to change, by name; the others stay as they are'),
	}),
	reply: commandSchema,
	refuses: commandRefusals,
	example: {
		params: engineExample,
		body: { settings: { low_battery_start_v: 12.1 } },
		reply: {
			...exampleCommand,
			device_id: 'XP-0107',
			command: 'settings',
			label: 'Change settings',
			value: { low_battery_start_v: 12.1 },
		},
	},
});

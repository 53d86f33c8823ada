import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { deviceIdPattern } from '#contract/device-topics.ts';
import { endpoint } from '#contract/endpoint.ts';
import { fact } from '#contract/fact.ts';
import { deviceFamilySchema, transportSchema } from '#contract/family.ts';
import { line, optionalLine } from '#contract/line.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import type { Role } from '#contract/roles.ts';
import { rowNumberInPath, rowNumberInQuery, rowNumberSchema } from '#contract/row-number.ts';

/** A device said that it runs another firmware than before; `from` is null when it is the first it named. */
export const firmwareReported = fact({
	kind: 'firmware_reported',
	details: z.object({ from: z.string().nullable(), to: z.string() }),
});

/** What became of a vehicle, as the people who sell it see it. */
export const productStatuses = [
	'sold',
	'demo',
	'factory',
	'testing',
	'in_transit',
	'in_stock',
] as const;
export const productStatusSchema = z.enum(productStatuses);
export type ProductStatus = z.infer<typeof productStatusSchema>;

export const productStatusLabels: Record<ProductStatus, string> = {
	sold: 'Sold',
	demo: 'Demo',
	factory: 'Factory',
	testing: 'Testing',
	in_transit: 'In Transit',
	in_stock: 'In Stock',
};

/** Roles that see the list of all devices, never a key. */
export const deviceRegistryReaders: readonly Role[] = ['super_admin', 'admin', 'operation'];
/** Roles that add and change devices. */
export const deviceRegistryWriters: readonly Role[] = ['super_admin', 'admin'];

/** What can be changed of a device once it is there. */
export const deviceEditSchema = z.object({
	name: optionalLine('name', 100),
	simNo: optionalLine('SIM number', 32),
	transport: transportSchema.nullable(),
	reportingIntervalSeconds: z
		.int('Enter the reporting interval in whole seconds.')
		.min(1, 'The reporting interval is at least 1 second.')
		.max(86_400, 'The reporting interval is at most 86400 seconds, one day.'),
	osmandAllowed: z
		.boolean()
		.describe('Whether OsmAnd clients may report for it by its Device ID alone, without a key'),
});
export type DeviceEdit = z.output<typeof deviceEditSchema>;

/** An interval unless somebody sets another, in seconds. */
export const usualReportingIntervalSeconds = 300;

export const newDeviceSchema = deviceEditSchema.omit({ osmandAllowed: true }).extend({
	deviceId: z
		.string()
		.trim()
		.regex(
			deviceIdPattern,
			'The Device ID is not valid. Use 3 to 64 letters, digits and . _ : - with a letter or digit first.',
		),
	telematicsId: optionalLine('Telematics ID', 64),
	family: deviceFamilySchema,
});

/** `none`: its key was not handed out yet. `renewed` with an old key that is still taken has its end beside it. */
export const keyStates = ['none', 'set', 'renewed'] as const;
export type KeyState = (typeof keyStates)[number];

/** One row of the list of all devices. Instants are epoch milliseconds. */
export const registeredDeviceSchema = deviceEditSchema.extend({
	deviceNo: z.int(),
	deviceId: z.string(),
	telematicsId: z.string().nullable(),
	name: z.string().nullable(),
	simNo: z.string().nullable(),
	family: deviceFamilySchema,
	reportingIntervalSeconds: z.int(),
	vin: z.string().nullable(),
	customerNo: z.int().nullable(),
	customerName: z.string().nullable(),
	dealerNo: z.int().nullable(),
	dealerName: z.string().nullable(),
	lastHeardAtMs: z.number().nullable(),
	firmware: z.string().nullable(),
	clockWrong: z.boolean(),
	keyState: z.enum(keyStates),
	oldKeyValidUntilMs: z.number().nullable(),
	retiredAtMs: z.number().nullable(),
	createdAtMs: z.number(),
});
export type RegisteredDeviceRow = z.infer<typeof registeredDeviceSchema>;

export const registrySorts = ['created', 'device_id', 'telematics_id'] as const;
export type RegistrySort = (typeof registrySorts)[number];

export const registryQuerySchema = z.object({
	...listShape,
	family: deviceFamilySchema.optional(),
	transport: transportSchema.optional(),
	state: z.enum(['active', 'retired']).default('active'),
	heard: z.enum(['never']).optional().describe('`never`: devices that never reported'),
	sort: z.enum(registrySorts).default('created'),
	direction: directionSchema.default('desc'),
});
export type RegistryQuery = z.output<typeof registryQuerySchema>;

export const registryPageSchema = listPageSchema(registeredDeviceSchema);
export type RegistryPage = z.infer<typeof registryPageSchema>;

const deviceParams = z.object({ deviceId: z.string().max(64) });

export const listRegisteredDevices = endpoint({
	method: 'GET',
	path: '/api/admin/devices',
	summary: 'All registered devices, searched, filtered, sorted and paged',
	admits: deviceRegistryReaders,
	query: registryQuerySchema,
	reply: registryPageSchema,
});

export const exportRegisteredDevices = endpoint({
	method: 'GET',
	path: '/api/admin/device-export',
	summary: 'All registered devices that match, as an Excel workbook',
	admits: deviceRegistryReaders,
	query: registryQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

export const showRegisteredDevice = endpoint({
	method: 'GET',
	path: '/api/admin/devices/:deviceId',
	summary: 'One registered device, retired ones included',
	admits: deviceRegistryReaders,
	params: deviceParams,
	reply: registeredDeviceSchema,
});

export const listAssignments = endpoint({
	method: 'GET',
	path: '/api/admin/devices/:deviceId/assignments',
	summary: 'Who had a device when, newest first; the last hundred changes',
	admits: deviceRegistryReaders,
	params: deviceParams,
	reply: z.object({
		assignments: z.array(
			z.object({
				fromMs: z.number(),
				/** Null: it still does. */
				toMs: z.number().nullable(),
				vin: z.string().nullable(),
				customerName: z.string().nullable(),
				dealerName: z.string().nullable(),
			}),
		),
	}),
});

/** Devices that can be assigned at once. */
export const mostAssigned = 1_000;

const ownerNo = rowNumberSchema.nullable();

export const assignDevices = endpoint({
	method: 'POST',
	path: '/api/admin/devices/assign',
	summary: 'Gives devices to a customer, a dealer or both, all of them or none',
	admits: deviceRegistryWriters,
	body: z
		.object({
			devices: z
				.array(
					z.object({
						deviceId: z.string().max(64),
						customerNo: ownerNo.describe('To whom it belonged when it was looked at'),
						dealerNo: ownerNo.describe('To whom it belonged when it was looked at'),
					}),
				)
				.min(1, 'Choose at least one device.')
				.max(mostAssigned, `Assign at most ${mostAssigned} devices at once.`),
			customerNo: ownerNo.optional().describe('Null: to none; left out: as it is'),
			dealerNo: ownerNo.optional().describe('Null: to none; left out: as it is'),
			confirm: confirmationSchema,
		})
		.refine(
			({ customerNo, dealerNo }) => customerNo !== undefined || dealerNo !== undefined,
			'Choose a customer or a dealer, or none.',
		),
	reply: z.object({
		changed: z.int(),
		/** Belonged so already. */
		unchanged: z.int(),
	}),
});

/** A device in the time in which it belonged to somebody. Instants are epoch milliseconds. */
export const heldDeviceSchema = z.object({
	deviceId: z.string(),
	vin: z.string().nullable(),
	/** Out of service; null for one that is not held any more. */
	isRetired: z.boolean().nullable(),
	fromMs: z.number(),
	/** Null: it still does. */
	toMs: z.number().nullable(),
});
export type HeldDevice = z.infer<typeof heldDeviceSchema>;

const queriedOwnerNo = rowNumberInQuery.optional();

export const listHeldDevices = endpoint({
	method: 'GET',
	path: '/api/admin/assignments',
	summary: 'Devices that a customer or a dealer has, or had, and when; the latest first',
	admits: deviceRegistryReaders,
	query: z
		.object({
			customerNo: queriedOwnerNo,
			dealerNo: queriedOwnerNo,
			when: z.enum(['now', 'before']).default('now'),
			page: listShape.page,
			pageSize: listShape.pageSize,
		})
		.refine(
			({ customerNo, dealerNo }) => (customerNo === undefined) !== (dealerNo === undefined),
			'Name a customer or a dealer.',
		),
	reply: listPageSchema(heldDeviceSchema),
});

/** A device with its key, which is in no other answer ever again. */
const deviceKeySchema = z.object({ deviceId: z.string(), key: z.string() });

export const addDevice = endpoint({
	method: 'POST',
	path: '/api/admin/devices',
	summary: 'Registers a device; its key is in this answer and in no other',
	admits: deviceRegistryWriters,
	body: newDeviceSchema.extend({ confirm: confirmationSchema }),
	reply: deviceKeySchema,
});

export const editDevice = endpoint({
	method: 'PUT',
	path: '/api/admin/devices/:deviceId',
	summary: 'Changes a device, unless somebody else changed it since `before` was read',
	admits: deviceRegistryWriters,
	params: deviceParams,
	body: z.object({
		before: deviceEditSchema,
		after: deviceEditSchema,
		confirm: confirmationSchema,
	}),
	reply: registeredDeviceSchema,
});

/** Longest time for which a renewed key is still taken. */
export const longestKeyGraceHours = 720;
const graceHoursSchema = z
	.number('Enter a number of hours.')
	.min(0, 'Enter 0 hours or more; with 0 the old key ends at once.')
	.max(longestKeyGraceHours, `Enter at most ${longestKeyGraceHours} hours.`);

export const renewDeviceKey = endpoint({
	method: 'POST',
	path: '/api/admin/devices/:deviceId/key',
	summary: 'Gives a device another key, which is in this answer and in no other',
	admits: deviceRegistryWriters,
	params: deviceParams,
	body: z.object({
		graceHours: graceHoursSchema
			.optional()
			.describe('How long the old key is still taken; left out: as the organization has it'),
		confirm: confirmationSchema,
	}),
	reply: deviceKeySchema.extend({ oldKeyValidUntilMs: z.number().nullable() }),
});

export const retireDevice = endpoint({
	method: 'POST',
	path: '/api/admin/devices/:deviceId/retire',
	summary: 'Takes a device out of service: it cannot connect and is in no list; its history stays',
	admits: deviceRegistryWriters,
	params: deviceParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: registeredDeviceSchema,
});

export const bringBackDevice = endpoint({
	method: 'POST',
	path: '/api/admin/devices/:deviceId/bring-back',
	summary: 'Takes a retired device into service again, with the key it had',
	admits: deviceRegistryWriters,
	params: deviceParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: registeredDeviceSchema,
});

export const deviceSettingsSchema = z.object({
	keyGraceHours: graceHoursSchema,
	telematicsIdFormat: optionalLine('format', 200).describe(
		'POSIX regular expression; Telematics IDs that do not fit are warned of',
	),
});
export type DeviceSettings = z.output<typeof deviceSettingsSchema>;
const deviceSettingsReply = z.object({
	keyGraceHours: z.number(),
	telematicsIdFormat: z.string().nullable(),
});

export const showDeviceSettings = endpoint({
	method: 'GET',
	path: '/api/admin/device-settings',
	summary: 'What the organization wants of its devices',
	admits: deviceRegistryReaders,
	reply: deviceSettingsReply,
});

export const changeDeviceSettings = endpoint({
	method: 'PUT',
	path: '/api/admin/device-settings',
	summary:
		'Changes what the organization wants of its devices, unless somebody else changed it since `before` was read',
	admits: deviceRegistryWriters,
	body: z.object({
		before: deviceSettingsSchema,
		after: deviceSettingsSchema,
		confirm: confirmationSchema,
	}),
	reply: deviceSettingsReply,
});

/** Columns of an import file by their titles, in the order of the template. */
export const importColumns = [
	'Device ID',
	'Telematics ID',
	'Name',
	'SIM number',
	'Family',
	'Communication type',
	'Reporting interval (s)',
] as const;
export type ImportColumn = (typeof importColumns)[number];
export const mandatoryImportColumns: readonly ImportColumn[] = ['Device ID', 'Family'];

export const csvMediaType = 'text/csv';
export const importMaxBytes = 20 * 1024 * 1024;
export const importMaxRows = 200_000;
/** Problems and warnings that an import names, the first of the file. */
export const namedImportRows = 200;

export const deviceImportSchema = z.object({
	importNo: z.int(),
	fileName: z.string(),
	uploadedAtMs: z.number(),
	uploadedBy: z.string(),
	rowsNew: z.int(),
	rowsUnchanged: z.int(),
	rowsWrong: z.int(),
	rowsWarned: z.int(),
	/** `ready`: looked at, nothing added yet. `applying`: devices are being added. */
	state: z.enum(['ready', 'applying', 'applied']),
	rowsDone: z.int(),
	/** Why the last attempt to add them came to nothing. */
	failure: z.string().nullable(),
	/** Whether the keys of its devices were handed out. */
	keysIssued: z.boolean(),
});
export type DeviceImport = z.infer<typeof deviceImportSchema>;

const importParams = z.object({ importNo: rowNumberInPath });

export const importTemplate = endpoint({
	method: 'GET',
	path: '/api/admin/device-imports/template',
	summary: 'A CSV file with the titles of an import and one device as an example',
	admits: deviceRegistryWriters,
	reply: z.file(),
});

export const uploadDevices = endpoint({
	method: 'POST',
	path: '/api/admin/device-imports',
	summary: 'Takes a CSV file (UTF-8, at most 20 MB) and says what adding its devices would do',
	admits: deviceRegistryWriters,
	query: z.object({ fileName: line('file name', 200).default('devices.csv') }),
	reply: deviceImportSchema,
});

export const listDeviceImports = endpoint({
	method: 'GET',
	path: '/api/admin/device-imports',
	summary: 'The last imports of devices, newest first',
	admits: deviceRegistryWriters,
	reply: z.object({ imports: z.array(deviceImportSchema) }),
});

export const showDeviceImport = endpoint({
	method: 'GET',
	path: '/api/admin/device-imports/:importNo',
	summary: 'An import: what it would do or did, how far it is, and its first problems and warnings',
	admits: deviceRegistryWriters,
	params: importParams,
	reply: deviceImportSchema.extend({
		problems: z.array(z.object({ line: z.int(), deviceId: z.string(), sentence: z.string() })),
		warnings: z.array(z.object({ line: z.int(), deviceId: z.string(), sentence: z.string() })),
	}),
});

export const applyDeviceImport = endpoint({
	method: 'POST',
	path: '/api/admin/device-imports/:importNo/apply',
	summary: 'Begins to add the devices of an import, all of them or none',
	admits: deviceRegistryWriters,
	params: importParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: deviceImportSchema,
});

export const issueImportKeys = endpoint({
	method: 'POST',
	path: '/api/admin/device-imports/:importNo/keys',
	summary: 'Gives the devices of an import their keys, as a CSV file and only once',
	admits: deviceRegistryWriters,
	params: importParams,
	body: z.object({ confirm: confirmationSchema }),
	reply: z.file(),
});

import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import { deviceFamilySchema, transportSchema } from '#contract/family.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import { fleetReaders, roles, vehicleReaders } from '#contract/roles.ts';
import { rowNumberInQuery } from '#contract/row-number.ts';
import { statusCountsSchema, statusSchema } from '#contract/status.ts';
import { topic } from '#contract/topic.ts';
import { productStatusSchema } from '#modules/products/contract.ts';

/** What changes on a row while readings arrive. Instants are epoch milliseconds. */
export const deviceLiveSchema = z.object({
	deviceNo: z.int(),
	status: statusSchema,
	lastHeardAtMs: z.number().nullable(),
	clockWrong: z.boolean(),
	ignition: z.boolean().nullable(),
	charging: z.boolean().nullable(),
	speedKmh: z.number().nullable(),
	socPct: z.number().nullable(),
	rangeKm: z.number().nullable(),
	odometerKm: z.number().nullable(),
	batteryV: z.number().nullable(),
	signal: z.number().nullable(),
	firmware: z.string().nullable(),
	runState: z.string().nullable(),
	engineTempC: z.number().nullable(),
	totalHours: z.number().nullable(),
	totalKwh: z.number().nullable(),
	lat: z.number().nullable(),
	lon: z.number().nullable(),
});
export type DeviceLive = z.infer<typeof deviceLiveSchema>;

/** One row of the Fleet Console: a device with whatever it is fitted to. */
export const fleetRowSchema = deviceLiveSchema.extend({
	deviceId: z.string(),
	telematicsId: z.string().nullable(),
	name: z.string().nullable(),
	family: deviceFamilySchema,
	transport: transportSchema.nullable(),
	vin: z.string().nullable(),
	registrationNo: z.string().nullable(),
	model: z.string().nullable(),
	customerNo: z.int().nullable(),
	customerName: z.string().nullable(),
	customerCity: z.string().nullable(),
	dealerName: z.string().nullable(),
	productStatus: productStatusSchema.nullable(),
	reportingIntervalSeconds: z.int(),
});
export type FleetRow = z.infer<typeof fleetRowSchema>;

export const fleetSorts = [
	'vin',
	'status',
	'last_heard',
	'soc',
	'range',
	'odometer',
	'speed',
	'signal',
	'firmware',
	'customer',
	'dealer',
] as const;
export type FleetSort = (typeof fleetSorts)[number];

export const fleetQuerySchema = z.object({
	...listShape,
	status: z
		.string()
		.default('')
		.describe('Statuses to show, separated by commas; empty shows all')
		.transform((text) => text.split(',').filter((part) => part !== ''))
		.pipe(z.array(statusSchema)),
	family: deviceFamilySchema.optional(),
	dealerNo: rowNumberInQuery.optional(),
	customerNo: rowNumberInQuery.optional(),
	firmware: z.string().max(64).optional(),
	sort: z.enum(fleetSorts).default('last_heard'),
	direction: directionSchema.default('desc'),
});
export type FleetQuery = z.infer<typeof fleetQuerySchema>;

const fleetPageSchema = listPageSchema(fleetRowSchema).extend({
	/** Devices per status that match the search and the other filters, whatever statuses are chosen. */
	counts: statusCountsSchema,
	asOfMs: z.number(),
});
export type FleetPage = z.infer<typeof fleetPageSchema>;

export const listFleet = endpoint({
	method: 'GET',
	path: '/api/fleet/devices',
	summary: 'Devices of the fleet with their live values, searched, filtered, sorted and paged',
	admits: fleetReaders,
	query: fleetQuerySchema,
	reply: fleetPageSchema,
});

export const listVehicles = endpoint({
	method: 'GET',
	path: '/api/fleet/vehicles',
	summary: 'The grid view of the Vehicle Dashboard, searched, filtered, sorted and paged',
	admits: vehicleReaders,
	query: fleetQuerySchema,
	reply: fleetPageSchema,
});

export const exportFleet = endpoint({
	method: 'GET',
	path: '/api/fleet/export',
	summary: 'All devices that match, in the order asked, as an Excel workbook',
	admits: roles,
	query: fleetQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

/** At most this many customers are offered at once; more are found by typing. */
export const offeredCustomers = 50;

export const listFleetFilters = endpoint({
	method: 'GET',
	path: '/api/fleet/filters',
	summary: 'What the fleet can be filtered by: dealers, customers and firmware versions in use',
	admits: roles,
	query: z.object({ customer: z.string().trim().max(100).default('') }),
	reply: z.object({
		dealers: z.array(z.object({ dealerNo: z.int(), name: z.string() })),
		customers: z.array(z.object({ customerNo: z.int(), name: z.string() })),
		firmwares: z.array(z.string()),
	}),
});

export const showFleetDevice = endpoint({
	method: 'GET',
	path: '/api/fleet/devices/:deviceId',
	summary: 'One device with its identity and live values',
	admits: roles,
	params: z.object({ deviceId: z.string().max(64) }),
	reply: fleetRowSchema,
});

/** Changes of the rows a page shows; at most one message a second. */
export const fleetRowsTopic = topic({
	name: 'fleet.rows',
	admits: roles,
	params: z.object({ deviceNos: z.array(z.int()).max(200) }),
	message: z.object({
		rows: z.array(deviceLiveSchema),
		/** Devices that belong to others since, or are gone: what the page read of them is out of date. */
		moved: z.array(z.int()),
	}),
});

/** Status counts of everything in the reader's scope, whenever they change. */
export const fleetCountsTopic = topic({
	name: 'fleet.counts',
	admits: roles,
	params: z.object({}),
	message: z.object({ counts: statusCountsSchema }),
});

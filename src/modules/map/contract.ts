import { z } from 'zod';
import { bytesSchema } from '#contract/bytes.ts';
import { endpoint } from '#contract/endpoint.ts';
import { type Role, roles } from '#contract/roles.ts';
import { rowNumberInPath, rowNumberInQuery } from '#contract/row-number.ts';
import { statusCountsSchema } from '#contract/status.ts';
import { topic } from '#contract/topic.ts';
import { fleetRowSchema } from '#modules/fleet/contract.ts';

/** Roles that may open the Fleet Map: everybody; what each sees on it is its scope. */
export const mapReaders: readonly Role[] = roles;

/** Which part of the reader's fleet is on the map; what is left out narrows nothing. */
export const mapFilterSchema = z.object({
	customerNo: rowNumberInQuery.optional(),
	locationNo: rowNumberInQuery.optional(),
});
export type MapFilter = z.infer<typeof mapFilterSchema>;

/** Layout: `src/contract/position-record.ts`. */
export const showMapSnapshot = endpoint({
	method: 'GET',
	path: '/api/map/snapshot',
	summary: 'Position, status, charge and speed of every device, as packed records of 12 bytes',
	admits: mapReaders,
	query: mapFilterSchema,
	reply: bytesSchema,
});

const citySchema = z.object({
	locationNo: z.int(),
	city: z.string(),
	lat: z.number(),
	lon: z.number(),
	counts: statusCountsSchema,
});
export type MapCity = z.infer<typeof citySchema>;

const stateSchema = z.object({ state: z.string(), cities: z.array(citySchema) });
export type MapState = z.infer<typeof stateSchema>;

export const showMapRegions = endpoint({
	method: 'GET',
	path: '/api/map/regions',
	summary:
		'Devices per status by country, state and city: each in the location nearest to its last position, without one in that of its customer',
	admits: mapReaders,
	query: mapFilterSchema.pick({ customerNo: true }),
	reply: z.object({
		countries: z.array(
			z.object({
				/** ISO 3166-1 alpha-2 */
				country: z.string(),
				states: z.array(stateSchema),
			}),
		),
		/** Devices that no location can be said of. */
		elsewhere: statusCountsSchema,
	}),
});

export const mapDeviceSchema = fleetRowSchema
	.pick({
		deviceNo: true,
		deviceId: true,
		vin: true,
		name: true,
		family: true,
		status: true,
		socPct: true,
		batteryV: true,
		speedKmh: true,
		lastHeardAtMs: true,
		customerName: true,
		lat: true,
		lon: true,
	})
	.extend({
		/** City of the location it counts in. */
		near: z.string().nullable(),
	});
export type MapDevice = z.infer<typeof mapDeviceSchema>;

export const showMapDevice = endpoint({
	method: 'GET',
	path: '/api/map/devices/:deviceNo',
	summary: 'What the map says of one device when it is pointed at',
	admits: mapReaders,
	params: z.object({ deviceNo: rowNumberInPath }),
	reply: mapDeviceSchema,
});

const foundDeviceSchema = fleetRowSchema.pick({
	deviceNo: true,
	deviceId: true,
	vin: true,
	name: true,
	customerName: true,
	lat: true,
	lon: true,
});
export type FoundDevice = z.infer<typeof foundDeviceSchema>;

export const searchMap = endpoint({
	method: 'GET',
	path: '/api/map/search',
	summary:
		'Devices whose VIN, registration number, Device ID, VCU ID or name contains a text; at most eight',
	admits: mapReaders,
	query: z.object({ q: z.string().trim().min(2).max(100) }),
	reply: z.object({ devices: z.array(foundDeviceSchema) }),
});

export const listMapCustomers = endpoint({
	method: 'GET',
	path: '/api/map/customers',
	summary: 'Customers by whom the map can be filtered; at most fifty',
	admits: mapReaders,
	query: z.object({
		q: z.string().trim().max(100).default(''),
		/** Always among the answer, if the reader may see it. */
		customerNo: mapFilterSchema.shape.customerNo,
	}),
	reply: z.object({
		customers: z.array(z.object({ customerNo: z.int(), name: z.string() })),
	}),
});

/**
 * What changed on the map: packed changes (`src/contract/position-record.ts`), at most one message a second. The first
 * message is empty; a snapshot read after it misses nothing.
 */
export const mapPositionsTopic = topic({
	name: 'map.positions',
	admits: mapReaders,
	params: mapFilterSchema,
	message: bytesSchema,
});

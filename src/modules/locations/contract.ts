import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { countrySchema } from '#contract/country.ts';
import { endpoint } from '#contract/endpoint.ts';
import { optionalLine, requiredLine } from '#contract/line.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import type { Role } from '#contract/roles.ts';
import { rowNumberInPath, rowNumberInQuery, rowNumberSchema } from '#contract/row-number.ts';

/** Roles that see the list of locations. */
export const locationReaders: readonly Role[] = ['super_admin', 'admin', 'operation'];
/** Roles that add, change and delete locations. */
export const locationWriters: readonly Role[] = ['super_admin', 'admin'];

const latSchema = z
	.number('Enter the latitude in degrees.')
	.min(-90, 'The latitude is at least -90°.')
	.max(90, 'The latitude is at most 90°.');
const lonSchema = z
	.number('Enter the longitude in degrees.')
	.min(-180, 'The longitude is at least -180°.')
	.max(180, 'The longitude is at most 180°.');

/** Everything that a person writes of a location. */
export const locationEditSchema = z.object({
	city: requiredLine('city', 100),
	district: requiredLine('district', 100),
	state: requiredLine('state', 100),
	country: countrySchema.describe('ISO 3166-1 alpha-2'),
	zone: optionalLine('zone', 100),
	lat: latSchema,
	lon: lonSchema,
});
export type LocationEdit = z.output<typeof locationEditSchema>;

export const locationRowSchema = z.object({
	locationNo: z.int(),
	city: z.string(),
	district: z.string(),
	state: z.string(),
	country: z.string(),
	zone: z.string().nullable(),
	lat: z.number(),
	lon: z.number(),
	/** Customers registered here, as far as the reader sees them. */
	customers: z.int(),
	/** Devices that count here now, as far as the reader sees them. */
	devices: z.int(),
});
export type LocationRow = z.infer<typeof locationRowSchema>;

export const locationSorts = ['city', 'district', 'state', 'country', 'zone'] as const;
export type LocationSort = (typeof locationSorts)[number];

export const locationQuerySchema = z.object({
	...listShape,
	zone: z.string().max(100).optional(),
	state: z.string().max(100).optional(),
	country: z.string().max(2).optional(),
	sort: z.enum(locationSorts).default('city'),
	direction: directionSchema.default('asc'),
});
export type LocationQuery = z.output<typeof locationQuerySchema>;

export const locationPageSchema = listPageSchema(locationRowSchema);
export type LocationPage = z.infer<typeof locationPageSchema>;

const locationParams = z.object({
	locationNo: rowNumberInPath,
});

export const listLocationRows = endpoint({
	method: 'GET',
	path: '/api/admin/locations',
	summary: 'Locations by which the fleet is counted, searched, filtered, sorted and paged',
	admits: locationReaders,
	query: locationQuerySchema,
	reply: locationPageSchema,
});

export const exportLocations = endpoint({
	method: 'GET',
	path: '/api/admin/location-export',
	summary: 'All locations that match, as an Excel workbook',
	admits: locationReaders,
	query: locationQuerySchema.omit({ page: true, pageSize: true }),
	reply: z.file(),
});

export const locationFilters = ['zone', 'state', 'country'] as const;
export type LocationFilter = (typeof locationFilters)[number];

export const listLocationFilters = endpoint({
	method: 'GET',
	path: '/api/admin/location-filters',
	summary: 'Zones, states or countries by which locations can be filtered; at most fifty',
	admits: locationReaders,
	query: z.object({
		filter: z.enum(locationFilters),
		q: listShape.q,
	}),
	reply: z.object({ values: z.array(z.string()) }),
});

export const listLocationOptions = endpoint({
	method: 'GET',
	path: '/api/admin/location-options',
	summary: 'Locations to choose from by a part of their city, district or state; at most fifty',
	admits: locationReaders,
	query: z.object({
		q: listShape.q,
		locationNo: rowNumberInQuery
			.optional()
			.describe('Comes first in the answer, whatever is searched for'),
	}),
	reply: z.object({
		locations: z.array(
			locationRowSchema.pick({
				locationNo: true,
				city: true,
				district: true,
				state: true,
				country: true,
			}),
		),
	}),
});

export const showLocation = endpoint({
	method: 'GET',
	path: '/api/admin/locations/:locationNo',
	summary: 'One location with what is registered and counted there',
	admits: locationReaders,
	params: locationParams,
	reply: locationRowSchema,
});

export const addLocation = endpoint({
	method: 'POST',
	path: '/api/admin/locations',
	summary: 'Adds a location; the fleet is counted by it at once',
	admits: locationWriters,
	body: locationEditSchema,
	reply: locationRowSchema,
});

export const editLocation = endpoint({
	method: 'PUT',
	path: '/api/admin/locations/:locationNo',
	summary: 'Changes a location, unless somebody else changed it since `before` was read',
	admits: locationWriters,
	params: locationParams,
	body: z.object({ before: locationEditSchema, after: locationEditSchema }),
	reply: locationRowSchema,
});

export const deleteLocations = endpoint({
	method: 'POST',
	path: '/api/admin/locations/delete',
	summary: 'Deletes locations in which no customer is registered, all of them or none',
	admits: locationWriters,
	body: z.object({
		locationNos: z.array(rowNumberSchema).min(1).max(100),
		confirm: confirmationSchema,
	}),
	reply: z.object({ deleted: z.int() }),
});

export const placeSchema = z.object({
	name: z.string(),
	/** ISO 3166-1 alpha-2 */
	country: z.string(),
	lat: z.number(),
	lon: z.number(),
	population: z.int(),
});
export type Place = z.infer<typeof placeSchema>;

/** GeoNames' licence (CC BY 4.0) asks that it is named wherever its places are shown. */
export const gazetteerSource = { name: 'GeoNames', href: 'https://www.geonames.org/' } as const;

export const searchPlaces = endpoint({
	method: 'GET',
	path: '/api/admin/places',
	summary:
		'Places of the world by name, from GeoNames (CC BY 4.0); at most twenty, the best matches and largest first',
	admits: locationWriters,
	query: z.object({
		q: listShape.q,
		country: z.string().max(2).optional().describe('ISO 3166-1 alpha-2'),
	}),
	reply: z.object({ places: z.array(placeSchema) }),
});

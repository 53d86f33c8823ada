import type { Database } from '#platform/database/connect.ts';

/** A place by which an organization counts its fleet. */
export interface NewLocation {
	readonly city: string;
	readonly district: string;
	readonly state: string;
	/** ISO 3166-1 alpha-2 */
	readonly country: string;
	readonly zone: string | null;
	readonly lat: number;
	readonly lon: number;
}

export interface Location extends NewLocation {
	readonly locationNo: number;
}

/** Adds locations to an organization. */
export async function createLocations(
	database: Database,
	organizationNo: number,
	locations: readonly NewLocation[],
): Promise<void> {
	if (locations.length === 0) return;
	await database
		.insertInto('location')
		.values(locations.map((location) => ({ ...location, organization_no: organizationNo })))
		.execute();
}

/** Every location of an organization, by country, state and city. */
export function listLocations(database: Database, organizationNo: number): Promise<Location[]> {
	return database
		.selectFrom('location')
		.select([
			'location_no as locationNo',
			'city',
			'district',
			'state',
			'country',
			'zone',
			'lat',
			'lon',
		])
		.where('organization_no', '=', organizationNo)
		.orderBy('country')
		.orderBy('state')
		.orderBy('city')
		.orderBy('location_no')
		.execute();
}

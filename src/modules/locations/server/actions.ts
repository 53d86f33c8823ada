import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile } from '#platform/changes-meanwhile.ts';
import { type Database, sqlState } from '#platform/database/connect.ts';
import type { LocationEdit } from '../contract.ts';
import { customersInTheWay, locationWords } from './rules.ts';

export interface LocationActionOptions {
	readonly database: Database;
	/** Hears, after the commit, that an organization's fleet is counted by other places now. */
	locationsChanged(organizationNo: number): void;
}

/**
 * Adds a location. @returns its number
 * @throws `already_in_use`, `not_permitted`
 */
export async function addLocation(
	{ database, locationsChanged }: LocationActionOptions,
	{ principal, origin }: Actor,
	location: LocationEdit,
): Promise<number> {
	const organizationNo = requireWholeOrganization(principal.scope);
	const locationNo = await database
		.transaction()
		.execute(async (transaction) => {
			const added = await transaction
				.insertInto('location')
				.values({ organization_no: organizationNo, ...editOf(location) })
				.returning('location_no')
				.executeTakeFirstOrThrow();
			await recordAudit(transaction, principal, origin, {
				action: 'location.add',
				subject: { kind: 'location', id: subjectId(added.location_no) },
				before: null,
				after: editOf(location),
			});
			return added.location_no;
		})
		.catch((error: unknown) => {
			throw alreadyThere(error, location, 'body.city');
		});
	locationsChanged(organizationNo);
	return locationNo;
}

/**
 * Changes a location, unless it is not any more as the editor saw it.
 * @throws `not_found`, `changed_meanwhile`, `already_in_use`, `not_permitted`
 */
export async function editLocation(
	{ database, locationsChanged }: LocationActionOptions,
	{ principal, origin }: Actor,
	locationNo: number,
	before: LocationEdit,
	after: LocationEdit,
): Promise<void> {
	const organizationNo = requireWholeOrganization(principal.scope);
	await database
		.transaction()
		.execute(async (transaction) => {
			const [location] = await lockLocations(transaction, organizationNo, [locationNo]);
			if (location === undefined) throw fault('not_found', { thing: 'location' });
			const changes = changesMeanwhile(before, editOf(location), locationWords);
			if (changes !== null) throw fault('changed_meanwhile', { changes });
			await transaction
				.updateTable('location')
				.set(editOf(after))
				.where('location_no', '=', locationNo)
				.execute();
			await recordAudit(transaction, principal, origin, {
				action: 'location.edit',
				subject: { kind: 'location', id: subjectId(locationNo) },
				before: editOf(location),
				after: editOf(after),
			});
		})
		.catch((error: unknown) => {
			throw alreadyThere(error, after, 'body.city');
		});
	locationsChanged(organizationNo);
}

/**
 * Deletes locations, all of them or none.
 * @throws `not_found`, `still_in_use`, `not_permitted`
 */
export async function deleteLocations(
	{ database, locationsChanged }: LocationActionOptions,
	{ principal, origin }: Actor,
	locationNos: readonly number[],
): Promise<number> {
	const organizationNo = requireWholeOrganization(principal.scope);
	const wanted = [...new Set(locationNos)];
	await database.transaction().execute(async (transaction) => {
		// While a row is locked for its deletion, nobody can be registered there.
		const locations = await lockLocations(transaction, organizationNo, wanted);
		if (locations.length < wanted.length) throw fault('not_found', { thing: 'location' });
		for (const location of locations) await requireUnused(transaction, location);
		await sql`delete from location where location_no = any(${wanted}::integer[])`.execute(
			transaction,
		);
		for (const location of locations)
			await recordAudit(transaction, principal, origin, {
				action: 'location.delete',
				subject: { kind: 'location', id: subjectId(location.locationNo) },
				before: editOf(location),
				after: null,
			});
	});
	locationsChanged(organizationNo);
	return wanted.length;
}

interface LockedLocation extends LocationEdit {
	readonly locationNo: number;
}

/** Locations of the organization, kept from others until the transaction ends. */
async function lockLocations(
	transaction: Database,
	organizationNo: number,
	locationNos: readonly number[],
): Promise<LockedLocation[]> {
	const { rows } = await sql<LockedLocation>`
		select location_no as "locationNo", city, district, state, country, zone, lat, lon from location
		where organization_no = ${organizationNo} and location_no = any(${locationNos}::integer[])
		order by location_no for update`.execute(transaction);
	return rows;
}

async function requireUnused(
	transaction: Database,
	{ locationNo, city }: LockedLocation,
): Promise<void> {
	const { rows } = await sql<{ name: string; count: number }>`
		select name, (count(*) over ())::integer as count from v_location_customer
		where location_no = ${locationNo} order by name, customer_no limit 3`.execute(transaction);
	const [first] = rows;
	if (first === undefined) return;
	throw fault('still_in_use', {
		thing: `The location ${city}`,
		what: customersInTheWay(
			first.count,
			rows.map(({ name }) => name),
		),
		remedy: 'Register them elsewhere first.',
	});
}

/** By this the audit log names a location, whatever it is called at the time. */
function subjectId(locationNo: number): string {
	return `location-${locationNo}`;
}

function editOf({ city, district, state, country, zone, lat, lon }: LocationEdit) {
	return { city, district, state, country, zone, lat, lon };
}

const uniqueViolation = '23505';

function alreadyThere(
	error: unknown,
	{ city, district, state }: LocationEdit,
	path: string,
): unknown {
	if (sqlState(error) !== uniqueViolation) return error;
	const value = `The location ${city}, ${district}, ${state}`;
	return fault('already_in_use', { value, where: ' in this organization' }, [
		{ path, message: `${value} is there already.` },
	]);
}

import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { fault } from '#contract/faults.ts';
import type { Scope } from '#contract/scope.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import { serve } from '#platform/http/serve.ts';
import {
	addLocation as addLocationEndpoint,
	deleteLocations as deleteLocationsEndpoint,
	editLocation as editLocationEndpoint,
	type LocationRow,
	listLocationFilters,
	listLocationOptions,
	listLocationRows,
	searchPlaces,
	showLocation,
} from '../contract.ts';
import {
	addLocation,
	deleteLocations,
	editLocation,
	type LocationActionOptions,
} from './actions.ts';
import { serveLocationExport } from './export.ts';
import { Gazetteer } from './gazetteer/gazetteer.ts';
import { readFilterValues, readLocation, readLocationOptions, readLocationPage } from './store.ts';

/** How many devices in scope count in each location now, by location number; left out are those without any. */
export type CountDevices = (scope: Scope) => Promise<ReadonlyMap<number, number>>;

export interface LocationRoutesOptions extends LocationActionOptions {
	readonly pool: pg.Pool;
	readonly countDevices: CountDevices;
}

/** The endpoints under which an organization keeps the places by which its fleet is counted. */
export function serveLocations(app: FastifyInstance, options: LocationRoutesOptions): void {
	const { database, countDevices } = options;
	const gazetteer = new Gazetteer();

	async function read(scope: Scope, locationNo: number): Promise<LocationRow> {
		const [location, devices] = await Promise.all([
			readLocation(database, scope, locationNo),
			countDevices(scope),
		]);
		if (location === undefined) throw fault('not_found', { thing: 'location' });
		return { ...location, devices: devices.get(locationNo) ?? 0 };
	}

	serve(app, listLocationRows, async ({ query, principal: { scope } }) => {
		const [page, devices] = await Promise.all([
			readLocationPage(database, scope, query),
			countDevices(scope),
		]);
		const rows = page.rows.map((row) => ({ ...row, devices: devices.get(row.locationNo) ?? 0 }));
		return { ...page, rows };
	});
	serveLocationExport(app, options);
	serve(app, listLocationFilters, async ({ query: { filter, q }, principal: { scope } }) => ({
		values: await readFilterValues(database, scope.organizationNo, filter, q),
	}));
	serve(app, listLocationOptions, async ({ query: { q, locationNo }, principal: { scope } }) => ({
		locations: await readLocationOptions(database, scope, q, locationNo ?? null),
	}));
	serve(app, showLocation, ({ params, principal: { scope } }) => read(scope, params.locationNo));

	serve(app, addLocationEndpoint, async (call) =>
		read(call.principal.scope, await addLocation(options, actorOf(call), call.body)),
	);
	serve(app, editLocationEndpoint, async (call) => {
		const { locationNo } = call.params;
		await editLocation(options, actorOf(call), locationNo, call.body.before, call.body.after);
		return read(call.principal.scope, locationNo);
	});
	serve(app, deleteLocationsEndpoint, async (call) => ({
		deleted: await deleteLocations(options, actorOf(call), call.body.locationNos),
	}));

	serve(app, searchPlaces, async ({ query: { q, country } }) => ({
		places: await gazetteer.search(q, country ?? null),
	}));
}

import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import { countLimit } from '#contract/list.ts';
import type { Scope } from '#contract/scope.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { FleetQueries } from '#live/fleet-queries.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import {
	type FleetPage,
	type FleetQuery,
	listFleet,
	listFleetFilters,
	listVehicles,
	showFleetDevice,
} from '../contract.ts';
import { rankFirmwares, readFacetNames } from './names.ts';
import { matchOf, questionOf } from './question.ts';
import { readFleetDevice, readFleetDevices } from './store.ts';

export interface FleetRouteOptions {
	readonly database: Database;
	readonly index: FleetIndex;
	readonly queries: FleetQueries;
	readonly clock: Clock;
}

/** The Fleet Console's endpoints. The index says which devices, the database what they are. */
export function serveFleetRoutes(app: FastifyInstance, options: FleetRouteOptions): void {
	const { database, index, queries, clock } = options;

	const list = async (query: FleetQuery, scope: Scope): Promise<FleetPage> => {
		const asOfMs = clock();
		const match = await matchOf(database, index, scope, query.q);
		const page = { offset: (query.page - 1) * query.pageSize, limit: query.pageSize };
		const answer = await queries.ask(await questionOf(database, index, scope, query, match, page));
		const rows = await readFleetDevices(database, scope, [...answer.deviceNos], asOfMs);
		const rowOf = new Map(rows.map((row) => [row.deviceNo, row]));
		const isTooBroad =
			match !== null && Math.max(match.deviceNos.length, match.vehicleNos.length) > countLimit;
		return {
			rows: [...answer.deviceNos].flatMap((deviceNo) => rowOf.get(deviceNo) ?? []),
			total: isTooBroad ? Math.min(answer.total, countLimit) : answer.total,
			totalIsExact: !isTooBroad,
			counts: answer.counts,
			asOfMs,
		};
	};
	serve(app, listFleet, ({ query, principal }) => list(query, principal.scope));
	serve(app, listVehicles, ({ query, principal }) => list(query, principal.scope));

	serve(app, listFleetFilters, async ({ query, principal: { scope } }) => {
		const facets = await queries.facets(scope);
		const names = await readFacetNames(database, scope, facets, query.customer);
		const ranks = rankFirmwares(index.firmwares);
		const codes = facets.firmwareCodes.sort((one, other) => ranks[one]! - ranks[other]!);
		return { ...names, firmwares: codes.flatMap((code) => index.firmwares[code] ?? []) };
	});

	serve(app, showFleetDevice, async ({ params, principal: { scope } }) => {
		const device = await readFleetDevice(database, scope, params.deviceId, clock());
		if (device === undefined) throw fault('not_found', { thing: 'device' });
		return device;
	});
}

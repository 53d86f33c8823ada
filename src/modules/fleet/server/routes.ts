import type { FastifyInstance } from 'fastify';
import { deviceFamilies } from '#contract/family.ts';
import { fault } from '#contract/faults.ts';
import type { Scope } from '#contract/scope.ts';
import { statuses } from '#contract/status.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { FleetQueries } from '#live/fleet-queries.ts';
import type { FleetOrder } from '#live/fleet-query.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import {
	exactCountLimit,
	type FleetQuery,
	type FleetSort,
	listFleet,
	listFleetFilters,
	showFleetDevice,
} from '../contract.ts';
import { rankFirmwares, rankNames, readFacetNames } from './names.ts';
import { findMatch } from './search.ts';
import { readFleetDevice, readFleetDevices } from './store.ts';

export interface FleetRouteOptions {
	readonly database: Database;
	readonly index: FleetIndex;
	readonly queries: FleetQueries;
	readonly clock: Clock;
}

const orders: Record<FleetSort, FleetOrder> = {
	vin: 'name',
	status: 'status',
	last_heard: 'last_heard',
	soc: 'soc',
	range: 'range',
	odometer: 'odometer',
	speed: 'speed',
	signal: 'signal',
	firmware: 'firmware',
	customer: 'customer',
	dealer: 'dealer',
};

/** The Fleet Console's endpoints. The index says which devices, the database what they are. */
export function serveFleetRoutes(app: FastifyInstance, options: FleetRouteOptions): void {
	const { database, index, queries, clock } = options;

	serve(app, listFleet, async ({ query, principal: { scope } }) => {
		const asOfMs = clock();
		const match =
			query.q === '' ? null : await findMatch(database, scope, query.q, index.firmwares);
		const answer = await queries.ask({
			scope,
			statuses: query.status.map((status) => statuses.indexOf(status)),
			family: query.family === undefined ? null : deviceFamilies.indexOf(query.family),
			dealerNo: query.dealerNo ?? null,
			customerNo: query.customerNo ?? null,
			// A version that nobody ever named has no code and so no device.
			firmwareCode: query.firmware === undefined ? null : index.firmwares.indexOf(query.firmware),
			match,
			order: orders[query.sort],
			descending: query.direction === 'desc',
			offset: (query.page - 1) * query.pageSize,
			limit: query.pageSize,
			ranks: await ranksFor(query, scope),
		});
		const rows = await readFleetDevices(database, scope, [...answer.deviceNos], asOfMs);
		const rowOf = new Map(rows.map((row) => [row.deviceNo, row]));
		const isTooBroad = match !== null && match.deviceNos.length > exactCountLimit;
		return {
			rows: [...answer.deviceNos].flatMap((deviceNo) => rowOf.get(deviceNo) ?? []),
			total: isTooBroad ? Math.min(answer.total, exactCountLimit) : answer.total,
			totalIsExact: !isTooBroad,
			counts: answer.counts,
			asOfMs,
		};
	});

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

	async function ranksFor({ sort }: FleetQuery, scope: Scope): Promise<Uint32Array | null> {
		if (sort === 'firmware') return rankFirmwares(index.firmwares);
		if (sort === 'customer' || sort === 'dealer')
			return rankNames(database, sort, scope.organizationNo);
		return null;
	}
}

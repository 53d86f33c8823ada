import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import type { StatusCounts } from '#contract/status.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { type FleetQuery, listFleet, showFleetDevice } from '../contract.ts';
import { countFleet, readFleetDevice, readFleetPage } from './store.ts';

export interface FleetRouteOptions {
	readonly database: Database;
	readonly index: FleetIndex;
	readonly clock: Clock;
}

/** The Fleet Console's endpoints. */
export function serveFleetRoutes(app: FastifyInstance, options: FleetRouteOptions): void {
	const { database, index, clock } = options;

	serve(app, listFleet, async ({ query, principal: { scope } }) => {
		const asOfMs = clock();
		const isWholeScope = query.q === '' && query.family === undefined;
		const [rows, counts] = await Promise.all([
			readFleetPage(database, scope, query, asOfMs),
			isWholeScope ? index.counts(scope) : countFleet(database, scope, query, asOfMs),
		]);
		return { rows, total: totalOf(counts, query.status), totalIsExact: true, counts, asOfMs };
	});

	serve(app, showFleetDevice, async ({ params, principal: { scope } }) => {
		const device = await readFleetDevice(database, scope, params.deviceId, clock());
		if (device === undefined) throw fault('not_found', { thing: 'device' });
		return device;
	});
}

function totalOf(counts: StatusCounts, chosen: FleetQuery['status']): number {
	const entries = Object.entries(counts);
	const isChosen = (status: string) => chosen.length === 0 || chosen.some((one) => one === status);
	return entries.reduce((sum, [status, count]) => sum + (isChosen(status) ? count : 0), 0);
}

import type { Scope } from '#contract/scope.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { FleetQueries } from '#live/fleet-queries.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { type FleetQuery, type FleetRow, fleetQuerySchema } from '../contract.ts';
import { matchOf, questionOf } from './question.ts';
import { readFleetDevices } from './store.ts';

export interface FleetWalkOptions {
	readonly database: Database;
	readonly index: FleetIndex;
	readonly queries: FleetQueries;
	readonly clock: Clock;
}

export type FleetWalkFilter = Pick<FleetQuery, 'q' | 'status'> &
	Partial<Pick<FleetQuery, 'family' | 'customerNo'>>;

/**
 * The next devices of a walk through everything that matches, in the order in which they were registered. Devices that
 * come, go or change meanwhile neither shift nor repeat the others.
 * @param afterNo last device of the step before; 0 to begin
 * @returns the devices, and whether more follow
 */
export async function readFleetAfter(
	{ database, index, queries, clock }: FleetWalkOptions,
	scope: Scope,
	filter: FleetWalkFilter,
	afterNo: number,
	limit: number,
): Promise<{ readonly rows: FleetRow[]; readonly hasMore: boolean; readonly lastNo: number }> {
	const selection = { ...fleetQuerySchema.parse({}), ...filter };
	const match = await matchOf(database, index, scope, filter.q);
	const page = { offset: 0, limit: limit + 1 };
	const question = await questionOf(database, index, scope, selection, match, page);
	const { deviceNos } = await queries.ask({ ...question, afterNo });
	const shown = [...deviceNos.subarray(0, limit)];
	const rows = await readFleetDevices(database, scope, shown, clock());
	rows.sort((one, other) => one.deviceNo - other.deviceNo);
	return { rows, hasMore: deviceNos.length > limit, lastNo: shown.at(-1) ?? afterNo };
}

import { deviceFamilies } from '#contract/family.ts';
import type { Scope } from '#contract/scope.ts';
import { statuses } from '#contract/status.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { FleetMatch, FleetOrder, FleetQuestion } from '#live/fleet-query.ts';
import type { Database } from '#platform/database/connect.ts';
import type { FleetQuery, FleetSort } from '../contract.ts';
import { rankFirmwares, rankNames } from './names.ts';
import { findMatch } from './search.ts';

/** Search, filters and order of the fleet, without the page. */
export type FleetSelection = Omit<FleetQuery, 'page' | 'pageSize'>;

/** The console calls the order by name after what most names are. */
function orderOf(sort: FleetSort): FleetOrder {
	return sort === 'vin' ? 'name' : sort;
}

/** Which devices a search text means; null when there is no text. */
export async function matchOf(
	database: Database,
	index: FleetIndex,
	scope: Scope,
	text: string,
	mostDevices?: number,
): Promise<FleetMatch | null> {
	return text === '' ? null : findMatch(database, scope, text, index.firmwares, mostDevices);
}

/** What somebody asks of the fleet, in the words of the index. */
export async function questionOf(
	database: Database,
	index: FleetIndex,
	scope: Scope,
	selection: FleetSelection,
	match: FleetMatch | null,
	page: Pick<FleetQuestion, 'offset' | 'limit'>,
): Promise<FleetQuestion> {
	return {
		scope,
		statuses: selection.status.map((status) => statuses.indexOf(status)),
		family: selection.family === undefined ? null : deviceFamilies.indexOf(selection.family),
		dealerNo: selection.dealerNo ?? null,
		customerNo: selection.customerNo ?? null,
		// A version that nobody ever named has no code and so no device.
		firmwareCode:
			selection.firmware === undefined ? null : index.firmwares.indexOf(selection.firmware),
		match,
		order: orderOf(selection.sort),
		descending: selection.direction === 'desc',
		...page,
		ranks: await ranksFor(database, index, scope, selection.sort),
	};
}

async function ranksFor(
	database: Database,
	index: FleetIndex,
	scope: Scope,
	sort: FleetSort,
): Promise<Uint32Array | null> {
	if (sort === 'firmware') return rankFirmwares(index.firmwares);
	if (sort === 'customer' || sort === 'dealer')
		return rankNames(database, sort, scope.organizationNo);
	return null;
}

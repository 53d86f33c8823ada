import { sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { FleetMatch } from '#live/fleet-query.ts';
import type { Database } from '#platform/database/connect.ts';
import { exactCountLimit } from '../contract.ts';

/** Customers and dealers whose names are looked through; more than any organization has is a guard, not a limit. */
const matchedNames = 1_000;

/**
 * What a search text means: devices and vehicles whose ids or names contain it, and the customers, dealers and firmware
 * versions that do. One more device than can be counted exactly is the sign of a text too broad.
 * @param firmwares versions by code
 * @param mostDevices devices after which nobody looks for more
 */
export async function findMatch(
	database: Database,
	scope: Scope,
	text: string,
	firmwares: readonly string[],
	mostDevices = exactCountLimit + 1,
): Promise<FleetMatch> {
	const pattern = `%${text.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
	const [devices, customers, dealers] = await Promise.all([
		sql<{ device_no: number }>`
			select device_no from v_device_text
			where organization_no = ${scope.organizationNo} and text ilike ${pattern}
			union
			select d.device_no from v_vehicle_text v join v_device d on d.vehicle_no = v.vehicle_no
			where v.organization_no = ${scope.organizationNo} and v.text ilike ${pattern}
			limit ${mostDevices}`.execute(database),
		database
			.selectFrom('v_customer')
			.where('organization_no', '=', scope.organizationNo)
			.where(sql<boolean>`concat_ws(e'\n', name, email) ilike ${pattern}`)
			.select('customer_no')
			.limit(matchedNames)
			.execute(),
		database
			.selectFrom('v_dealer')
			.where('organization_no', '=', scope.organizationNo)
			.where('name', 'ilike', pattern)
			.select('dealer_no')
			.limit(matchedNames)
			.execute(),
	]);
	const wanted = text.toLowerCase();
	return {
		deviceNos: Int32Array.from(devices.rows, (row) => row.device_no),
		customerNos: customers.flatMap((row) => row.customer_no ?? []),
		dealerNos: dealers.flatMap((row) => row.dealer_no ?? []),
		firmwareCodes: firmwares.flatMap((version, code) =>
			version.toLowerCase().includes(wanted) ? code : [],
		),
	};
}

import { sql } from 'kysely';
import { countLimit } from '#contract/list.ts';
import type { Scope } from '#contract/scope.ts';
import type { FleetMatch } from '#live/fleet-query.ts';
import { inScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { readNumbers } from '#platform/database/read-numbers.ts';

/** Customers and dealers whose names are looked through; more than any organization has is a guard, not a limit. */
const matchedNames = 1_000;

/**
 * What a search text means: devices and vehicles whose ids or names contain it, and the customers, dealers and firmware
 * versions that do. One more device than can be counted exactly is the sign of a text too broad; devices outside the
 * scope do not count, so that they neither crowd out the reader's own nor show how many they are.
 * @param firmwares versions by code
 * @param mostDevices devices after which nobody looks for more
 */
export async function findMatch(
	database: Database,
	scope: Scope,
	text: string,
	firmwares: readonly string[],
	mostDevices = countLimit + 1,
): Promise<FleetMatch> {
	const pattern = containing(text);
	const end = selectiveEnd(text);
	const contains = (column: ReturnType<typeof sql.ref>) =>
		end === text
			? sql<boolean>`${column} ilike ${pattern}`
			: sql<boolean>`${column} ilike ${containing(end)} and strpos(lower(${column}), lower(${text})) > 0`;
	const isNarrowed = [scope.dealerNo, scope.customerNos, scope.deviceNos].some(
		(part) => part !== null,
	);
	const isOwn = isNarrowed ? inScope(scope) : sql<boolean>`true`;
	const [deviceNos, vehicleNos, customers, dealers] = await Promise.all([
		readNumbers(
			database,
			sql`select t.device_no as number
				from v_device_text t ${isNarrowed ? sql`join v_device d using (device_no)` : sql``}
				where t.organization_no = ${scope.organizationNo} and ${contains(sql.ref('t.text'))} and ${isOwn}
				limit ${mostDevices}`,
		),
		// The index knows which device is fitted to which vehicle; only a scope must be looked up before the limit.
		readNumbers(
			database,
			sql`select v.vehicle_no as number
				from v_vehicle_text v ${isNarrowed ? sql`join v_device d using (vehicle_no)` : sql``}
				where v.organization_no = ${scope.organizationNo} and ${contains(sql.ref('v.text'))} and ${isOwn}
				limit ${mostDevices}`,
		),
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
		deviceNos,
		vehicleNos,
		customerNos: customers.flatMap((row) => row.customer_no ?? []),
		dealerNos: dealers.flatMap((row) => row.dealer_no ?? []),
		firmwareCodes: firmwares.flatMap((version, code) =>
			version.toLowerCase().includes(wanted) ? code : [],
		),
	};
}

/** Of a long text, the part with which the index is asked: ids begin alike and end in what tells them apart. */
const selectiveLength = 8;

function selectiveEnd(text: string): string {
	const end = Array.from(text).slice(-selectiveLength).join('');
	// The index knows words by threes of letters and digits.
	return /[\p{L}\p{N}]{3}/u.test(end) ? end : text;
}

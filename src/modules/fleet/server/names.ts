import { sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { FleetFacets } from '#live/fleet-query.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { readNumbers } from '#platform/database/read-numbers.ts';
import { offeredCustomers } from '../contract.ts';

/** Ranks of an organization's customers or dealers by name, by their numbers. */
export async function rankNames(
	database: Database,
	kind: 'customer' | 'dealer',
	organizationNo: number,
): Promise<Uint32Array> {
	const names =
		kind === 'customer'
			? sql`select customer_no as number, name from v_customer where organization_no = ${organizationNo}`
			: sql`select dealer_no as number, name from v_dealer where organization_no = ${organizationNo}`;
	return rankByCode(await readNumbers(database, names, sql`lower(name)`));
}

/** Ranks of firmware versions, `1.10` after `1.9`, by their codes. */
export function rankFirmwares(firmwares: readonly string[]): Uint32Array {
	const { compare } = new Intl.Collator('en', { numeric: true });
	const codes = firmwares.map((_, code) => code).slice(1);
	return rankByCode(codes.sort((one, other) => compare(firmwares[one]!, firmwares[other]!)));
}

/** From codes in order to each code's place in it. */
function rankByCode(ordered: readonly number[] | Int32Array): Uint32Array {
	let highest = 0;
	for (const code of ordered) highest = Math.max(highest, code);
	const ranks = new Uint32Array(highest + 1);
	ordered.forEach((code, rank) => {
		ranks[code] = rank;
	});
	return ranks;
}

/** Names of the dealers and of the first customers that devices in scope have; customers whose name contains `text`. */
export async function readFacetNames(
	database: Database,
	scope: Scope,
	facets: FleetFacets,
	text: string,
): Promise<{
	dealers: { dealerNo: number; name: string }[];
	customers: { customerNo: number; name: string }[];
}> {
	const pattern = containing(text);
	const [dealers, customers] = await Promise.all([
		sql<{ dealerNo: number; name: string }>`select dealer_no as "dealerNo", name from v_dealer
			where organization_no = ${scope.organizationNo} and dealer_no = any(${facets.dealerNos}::integer[])
			order by lower(name)`.execute(database),
		sql<{
			customerNo: number;
			name: string;
		}>`select customer_no as "customerNo", name from v_customer
			where organization_no = ${scope.organizationNo} and customer_no = any(${facets.customerNos}::integer[])
				and name ilike ${pattern}
			order by lower(name) limit ${offeredCustomers}`.execute(database),
	]);
	return { dealers: dealers.rows, customers: customers.rows };
}

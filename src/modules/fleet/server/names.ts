import { sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { FleetFacets } from '#live/fleet-query.ts';
import type { Database } from '#platform/database/connect.ts';
import { offeredCustomers } from '../contract.ts';

/** Ranks of an organization's customers or dealers by name, by their numbers. */
export async function rankNames(
	database: Database,
	kind: 'customer' | 'dealer',
	organizationNo: number,
): Promise<Uint32Array> {
	const rows =
		kind === 'customer'
			? await database
					.selectFrom('v_customer')
					.where('organization_no', '=', organizationNo)
					.select('customer_no as no')
					.orderBy(sql`lower(name)`)
					.execute()
			: await database
					.selectFrom('v_dealer')
					.where('organization_no', '=', organizationNo)
					.select('dealer_no as no')
					.orderBy(sql`lower(name)`)
					.execute();
	return rankByCode(rows.map((row) => row.no ?? 0));
}

/** Ranks of firmware versions, `1.10` after `1.9`, by their codes. */
export function rankFirmwares(firmwares: readonly string[]): Uint32Array {
	const { compare } = new Intl.Collator('en', { numeric: true });
	const codes = firmwares.map((_, code) => code).slice(1);
	return rankByCode(codes.sort((one, other) => compare(firmwares[one]!, firmwares[other]!)));
}

/** From codes in order to each code's place in it. */
function rankByCode(ordered: readonly number[]): Uint32Array {
	const ranks = new Uint32Array(ordered.reduce((highest, code) => Math.max(highest, code), 0) + 1);
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
	const pattern = `%${text.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
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

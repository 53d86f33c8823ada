import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { Database } from '#platform/database/connect.ts';

/**
 * Makes sure that customers are there and stay until the transaction ends, so that something can refer to them.
 * @throws `not_found`
 */
export async function lockCustomers(
	transaction: Database,
	organizationNo: number,
	customerNos: readonly number[],
): Promise<void> {
	const { rows } = await sql`
		select from customer where organization_no = ${organizationNo} and deleted_at is null
			and customer_no = any(${customerNos}::integer[])
		order by customer_no for share`.execute(transaction);
	if (rows.length !== new Set(customerNos).size) throw fault('not_found', { thing: 'customer' });
}

/** The same for dealers. @throws `not_found` */
export async function lockDealers(
	transaction: Database,
	organizationNo: number,
	dealerNos: readonly number[],
): Promise<void> {
	const { rows } = await sql`
		select from dealer where organization_no = ${organizationNo} and deleted_at is null
			and dealer_no = any(${dealerNos}::integer[])
		order by dealer_no for share`.execute(transaction);
	if (rows.length !== new Set(dealerNos).size) throw fault('not_found', { thing: 'dealer' });
}

import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';

/** Offered at once; more are found by typing. */
const offered = 20;

interface CustomerChoice {
	readonly customerNo: number;
	readonly name: string;
	readonly city: string | null;
}

/** The first customers of an organization that a text finds. */
export async function readCustomerChoices(
	database: Database,
	organizationNo: number,
	q: string,
): Promise<CustomerChoice[]> {
	const { rows } = await sql<CustomerChoice>`
		select customer_no as "customerNo", name, city from v_customer
		where organization_no = ${organizationNo} and name ilike ${containing(q)}
		order by name, customer_no limit ${offered}`.execute(database);
	return rows;
}

interface DealerChoice {
	readonly dealerNo: number;
	readonly name: string;
	readonly city: string | null;
}

/** The first dealers of an organization that a text finds. */
export async function readDealerChoices(
	database: Database,
	organizationNo: number,
	q: string,
): Promise<DealerChoice[]> {
	const { rows } = await sql<DealerChoice>`
		select dealer_no as "dealerNo", name, city from v_dealer
		where organization_no = ${organizationNo} and name ilike ${containing(q)}
		order by name, dealer_no limit ${offered}`.execute(database);
	return rows;
}

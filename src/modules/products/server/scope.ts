import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';

/**
 * The rule of `isInScope` for SQL, over a query's `v_device`.
 * @param device the name under which the query knows `v_device`
 */
export function inScope(scope: Scope, device = 'd'): RawBuilder<SqlBool> {
	const column = (name: string) => sql.ref(`${device}.${name}`);
	const conditions = [sql<SqlBool>`${column('organization_no')} = ${scope.organizationNo}`];
	if (scope.dealerNo !== null)
		conditions.push(sql<SqlBool>`${column('dealer_no')} = ${scope.dealerNo}`);
	if (scope.customerNos !== null)
		conditions.push(sql<SqlBool>`${column('customer_no')} = any(${scope.customerNos}::integer[])`);
	if (scope.deviceNos !== null)
		conditions.push(sql<SqlBool>`${column('device_no')} = any(${scope.deviceNos}::integer[])`);
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/**
 * When a query's device was in scope, as PostgreSQL writes a `tstzmultirange`. A reader who is narrowed neither to a
 * dealer nor to customers sees all of its past.
 * @param device the name under which the query knows the device
 */
export function periodsInScope(scope: Scope, device = 'd'): RawBuilder<string> {
	if (seesWholePast(scope)) return sql<string>`'{(,)}'`;
	return sql<string>`coalesce((
		select range_agg(a.during) from v_device_assignment a
		where a.device_no = ${sql.ref(`${device}.device_no`)} and ${inScope(scope, 'a')}
	), '{}')::text`;
}

/** Whether a query's device was in scope at an instant. */
export function wasInScope(
	scope: Scope,
	device: string,
	at: RawBuilder<unknown>,
): RawBuilder<SqlBool> {
	if (seesWholePast(scope)) return sql<SqlBool>`true`;
	return sql<SqlBool>`exists (
		select from v_device_assignment a
		where a.device_no = ${sql.ref(`${device}.device_no`)} and a.during @> ${at} and ${inScope(scope, 'a')}
	)`;
}

function seesWholePast({ dealerNo, customerNos }: Scope): boolean {
	return dealerNo === null && customerNos === null;
}

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

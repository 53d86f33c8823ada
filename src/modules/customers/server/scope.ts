import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { isWholeOrganization, type Scope } from '#contract/scope.ts';

/** Customers `c` that are there and in scope: of the dealer, among the listed, and with one of the devices. */
export function customersInScope(scope: Scope): RawBuilder<SqlBool> {
	const conditions = [
		sql<SqlBool>`c.organization_no = ${scope.organizationNo}`,
		sql<SqlBool>`c.deleted_at is null`,
	];
	if (scope.dealerNo !== null) conditions.push(sql<SqlBool>`c.dealer_no = ${scope.dealerNo}`);
	if (scope.customerNos !== null)
		conditions.push(sql<SqlBool>`c.customer_no = any(${scope.customerNos}::integer[])`);
	if (scope.deviceNos !== null)
		conditions.push(
			sql<SqlBool>`exists (select from v_device x where x.customer_no = c.customer_no and ${devicesInScope(scope)})`,
		);
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/** Dealers `l` that are there and in scope: the reader's own, else those of the customers and devices in scope. */
export function dealersInScope(scope: Scope): RawBuilder<SqlBool> {
	const isThere = sql<SqlBool>`l.organization_no = ${scope.organizationNo} and l.deleted_at is null`;
	if (isWholeOrganization(scope)) return sql<SqlBool>`(${isThere})`;
	if (scope.dealerNo !== null)
		return sql<SqlBool>`(${isThere} and l.dealer_no = ${scope.dealerNo})`;
	return sql<SqlBool>`(${isThere} and (
		exists (select from customer c where c.dealer_no = l.dealer_no and ${customersInScope(scope)})
		or exists (select from v_device x where x.dealer_no = l.dealer_no and ${devicesInScope(scope)})
	))`;
}

/** The rule of `isInScope` for devices `x`, in service. */
export function devicesInScope(scope: Scope): RawBuilder<SqlBool> {
	const conditions = [
		sql<SqlBool>`x.organization_no = ${scope.organizationNo}`,
		sql<SqlBool>`x.retired_at is null`,
	];
	if (scope.dealerNo !== null) conditions.push(sql<SqlBool>`x.dealer_no = ${scope.dealerNo}`);
	if (scope.customerNos !== null)
		conditions.push(sql<SqlBool>`x.customer_no = any(${scope.customerNos}::integer[])`);
	if (scope.deviceNos !== null)
		conditions.push(sql<SqlBool>`x.device_no = any(${scope.deviceNos}::integer[])`);
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

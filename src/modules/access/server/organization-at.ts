import { sql } from 'kysely';

/** The organization that is reached at a host name: its own, or the only one; null for neither. */
export function organizationAt(hostName: string) {
	return sql<number>`coalesce(
		(select organization_no from v_organization_host where host = ${hostName.toLowerCase()}),
		(select min(organization_no) from v_organization having count(*) = 1)
	)`;
}

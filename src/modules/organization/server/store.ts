import type { Database } from '#platform/database/connect.ts';

export interface NewOrganization {
	readonly name: string;
	/** IANA time zone */
	readonly timeZone: string;
	/** ISO 3166-1 alpha-2 */
	readonly country: string;
	/** BCP 47 tag by which numbers are written */
	readonly locale: string;
	readonly isDemo: boolean;
	/** Host names, without port, under which the organization's portal is reached; none: under any that is not taken. */
	readonly hosts: readonly string[];
	/** Whom people are told to ask; left out: nobody. */
	readonly support?: { readonly name: string; readonly email: string; readonly phone: string };
}

/** Creates an organization with its hosts. @returns its number */
export async function createOrganization(
	database: Database,
	organization: NewOrganization,
): Promise<number> {
	const { organization_no } = await database
		.insertInto('organization')
		.values({
			name: organization.name,
			time_zone: organization.timeZone,
			country: organization.country,
			locale: organization.locale,
			is_demo: organization.isDemo,
			support_name: organization.support?.name ?? null,
			support_email: organization.support?.email ?? null,
			support_phone: organization.support?.phone ?? null,
		})
		.returning('organization_no')
		.executeTakeFirstOrThrow();
	if (organization.hosts.length > 0)
		await database
			.insertInto('organization_host')
			.values(organization.hosts.map((host) => ({ host: host.toLowerCase(), organization_no })))
			.execute();
	return organization_no;
}

export async function hasOrganization(database: Database): Promise<boolean> {
	const found = await database
		.selectFrom('organization')
		.select('organization_no')
		.limit(1)
		.executeTakeFirst();
	return found !== undefined;
}

export async function hasDemoOrganization(database: Database): Promise<boolean> {
	const found = await database
		.selectFrom('organization')
		.select('organization_no')
		.where('is_demo', '=', true)
		.limit(1)
		.executeTakeFirst();
	return found !== undefined;
}

/** Host names under which an organization is reached, in their order; none: under any that is not taken. */
export async function readHosts(database: Database, organizationNo: number): Promise<string[]> {
	const hosts = await database
		.selectFrom('organization_host')
		.select('host')
		.where('organization_no', '=', organizationNo)
		.orderBy('host')
		.execute();
	return hosts.map(({ host }) => host);
}

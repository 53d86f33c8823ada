import { createOrganization } from '#modules/organization/server/index.ts';
import type { Database } from '#platform/database/connect.ts';

/** An organization in India that is reached at these host names. @returns its number */
export function foundOrganization(
	database: Database,
	name: string,
	hosts: string[] = [],
): Promise<number> {
	const place = { timeZone: 'Asia/Kolkata', country: 'IN', locale: 'en-IN' };
	return createOrganization(database, { name, ...place, isDemo: false, hosts });
}

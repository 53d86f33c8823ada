import type { Database } from '#platform/database/connect.ts';
import { organizationAt } from '../organization-at.ts';
import { allowsPasswordColumn } from './store.ts';

/** What a provider is called that somebody removed by other means than this server. */
export const unnamedProvider = 'the provider of your organization';

/** How an organization lets people in. */
export interface SignInWays {
	readonly allowsPassword: boolean;
	/** What its provider is called; null: there is none, or it is off. */
	readonly provider: string | null;
}

function selectWays(database: Database) {
	return database
		.selectFrom('v_organization as o')
		.leftJoin('sign_in_policy as p', 'p.organization_no', 'o.organization_no')
		.leftJoin('sign_in_provider as s', (join) =>
			join.onRef('s.organization_no', '=', 'o.organization_no').on('s.is_enabled', '=', true),
		)
		.select([allowsPasswordColumn, 's.label as provider']);
}

/** How the organization lets people in to which a host leads; undefined where it leads to none. */
export function readWaysAt(database: Database, hostName: string): Promise<SignInWays | undefined> {
	return selectWays(database)
		.where('o.organization_no', '=', organizationAt(hostName))
		.executeTakeFirst();
}

export function readWaysOf(
	database: Database,
	organizationNo: number,
): Promise<SignInWays | undefined> {
	return selectWays(database).where('o.organization_no', '=', organizationNo).executeTakeFirst();
}

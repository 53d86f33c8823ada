import { randomUUID } from 'node:crypto';
import { type NotNull, sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import type { ProviderSettings } from '../../contract.ts';

export interface ProviderRow extends ProviderSettings {
	readonly organizationNo: number;
	/** Sealed. */
	readonly clientSecret: Buffer;
}

function selectProvider(database: Database) {
	return database
		.selectFrom('sign_in_provider as p')
		.select([
			'p.organization_no as organizationNo',
			'p.label',
			'p.issuer',
			'p.client_id as clientId',
			'p.domains',
			'p.is_enabled as isEnabled',
			'p.client_secret as clientSecret',
		]);
}

export function readProvider(
	database: Database,
	organizationNo: number,
): Promise<ProviderRow | undefined> {
	return selectProvider(database)
		.where('p.organization_no', '=', organizationNo)
		.executeTakeFirst();
}

/** The same, kept from others until the transaction ends: the organization's row stands for one that is not there yet. */
export async function lockProvider(
	transaction: Database,
	organizationNo: number,
): Promise<ProviderRow | undefined> {
	await sql`select pg_advisory_xact_lock(hashtext('sign_in_provider'), ${organizationNo})`.execute(
		transaction,
	);
	return readProvider(transaction, organizationNo);
}

/** The provider in use of the organization that is reached at a host name: its own, or that of the only one. */
export async function readProviderAt(
	database: Database,
	hostName: string,
): Promise<ProviderRow | undefined> {
	return selectProvider(database)
		.where('p.is_enabled', '=', true)
		.where(
			sql<boolean>`p.organization_no = coalesce(
				(select organization_no from v_organization_host where host = ${hostName.toLowerCase()}),
				(select min(organization_no) from v_organization having count(*) = 1)
			)`,
		)
		.executeTakeFirst();
}

export async function writeProvider(
	transaction: Database,
	organizationNo: number,
	settings: ProviderSettings,
	clientSecret: Buffer,
): Promise<void> {
	const values = {
		label: settings.label,
		issuer: settings.issuer,
		client_id: settings.clientId,
		domains: settings.domains,
		is_enabled: settings.isEnabled,
		client_secret: clientSecret,
	};
	await transaction
		.insertInto('sign_in_provider')
		.values({ organization_no: organizationNo, ...values })
		.onConflict((conflict) => conflict.column('organization_no').doUpdateSet(values))
		.execute();
}

export async function deleteProvider(transaction: Database, organizationNo: number): Promise<void> {
	await transaction
		.deleteFrom('sign_in_provider')
		.where('organization_no', '=', organizationNo)
		.execute();
}

/** Ends the sessions that an organization's provider vouched for. @returns whose they were */
export async function endProviderSessions(
	transaction: Database,
	organizationNo: number,
): Promise<string[]> {
	const ended = await transaction
		.deleteFrom('auth_session')
		.where('organizationNo', '=', organizationNo)
		.returning('userId')
		.execute();
	return [...new Set(ended.map(({ userId }) => userId))];
}

export interface ProviderMember {
	readonly userId: string;
	readonly email: string;
	/** At any organization. */
	readonly isSuperAdmin: boolean;
}

function selectMember(database: Database, organizationNo: number) {
	return database
		.selectFrom('auth_user as u')
		.innerJoin('v_account_reach as r', 'r.user_id', 'u.id')
		.select(['u.id as userId', 'u.email', 'r.is_super_admin as isSuperAdmin'])
		.$narrowType<{ isSuperAdmin: NotNull }>()
		.where(({ exists, selectFrom }) =>
			exists(
				selectFrom('v_membership as m')
					.select('m.membership_no')
					.whereRef('m.user_id', '=', 'u.id')
					.where('m.organization_no', '=', organizationNo),
			),
		);
}

/** The member who came in as this subject before. */
export function findBoundMember(
	database: Database,
	organizationNo: number,
	providerId: string,
	subject: string,
): Promise<ProviderMember | undefined> {
	return selectMember(database, organizationNo)
		.innerJoin('auth_account as a', 'a.userId', 'u.id')
		.where('a.providerId', '=', providerId)
		.where('a.accountId', '=', subject)
		.executeTakeFirst();
}

export function findMemberByEmail(
	database: Database,
	organizationNo: number,
	email: string,
): Promise<ProviderMember | undefined> {
	return selectMember(database, organizationNo)
		.where('u.email', '=', email.toLowerCase())
		.executeTakeFirst();
}

/** Binds a subject to a member for good. @returns false where either is bound to another already */
export async function bindMember(
	database: Database,
	userId: string,
	providerId: string,
	subject: string,
): Promise<boolean> {
	const bound = await database
		.insertInto('auth_account')
		.values({ id: randomUUID(), userId, providerId, accountId: subject })
		.onConflict((conflict) => conflict.doNothing())
		.returning('id')
		.executeTakeFirst();
	return bound !== undefined;
}

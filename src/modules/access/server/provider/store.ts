import { randomUUID } from 'node:crypto';
import type { NotNull } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import type { KnownProvider, ProviderSettings } from '../../contract.ts';
import { organizationAt } from '../organization-at.ts';
import { lockSignIn } from '../policy/store.ts';

export interface ProviderRow extends KnownProvider {
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
			'p.secret_version as secretVersion',
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

/** The same, kept from others until the transaction ends. */
export async function lockProvider(
	transaction: Database,
	organizationNo: number,
): Promise<ProviderRow | undefined> {
	await lockSignIn(transaction, organizationNo);
	return readProvider(transaction, organizationNo);
}

/** The provider in use of the organization that is reached at a host name: its own, or that of the only one. */
export async function readProviderAt(
	database: Database,
	hostName: string,
): Promise<ProviderRow | undefined> {
	return selectProvider(database)
		.where('p.is_enabled', '=', true)
		.where('p.organization_no', '=', organizationAt(hostName))
		.executeTakeFirst();
}

export async function writeProvider(
	transaction: Database,
	organizationNo: number,
	settings: ProviderSettings,
	{ clientSecret, secretVersion }: Pick<ProviderRow, 'clientSecret' | 'secretVersion'>,
): Promise<void> {
	const values = {
		label: settings.label,
		issuer: settings.issuer,
		client_id: settings.clientId,
		domains: settings.domains,
		is_enabled: settings.isEnabled,
		client_secret: clientSecret,
		secret_version: secretVersion,
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

/** By what the subjects of a provider are told from those of others, and of other organizations. */
export function providerIdOf({ organizationNo, issuer }: ProviderRow): string {
	return `oidc:${organizationNo}:${issuer}`;
}

/** Whether an Admin of the whole organization has come in by a provider. */
export async function hasLetAdminIn(database: Database, provider: ProviderRow): Promise<boolean> {
	const { organizationNo } = provider;
	const bound = await selectMember(database, organizationNo)
		.innerJoin('auth_account as a', 'a.userId', 'u.id')
		.innerJoin('v_membership as admin', 'admin.user_id', 'u.id')
		.where('a.providerId', '=', providerIdOf(provider))
		.where('admin.organization_no', '=', organizationNo)
		.where('admin.role', '=', 'admin')
		.where('admin.customer_nos', 'is', null)
		.limit(1)
		.executeTakeFirst();
	return bound !== undefined;
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

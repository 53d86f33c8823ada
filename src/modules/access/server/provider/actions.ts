import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile, type FieldWords } from '#platform/changes-meanwhile.ts';
import type { Database } from '#platform/database/connect.ts';
import type { KnownProvider, ProviderSettings } from '../../contract.ts';
import { readPolicy } from '../policy/store.ts';
import type { Vault } from '../vault.ts';
import { ClientUnknown, type ProviderClients, ProviderUnusable } from './discovery.ts';
import { letsInAsBefore } from './rules.ts';
import {
	deleteProvider,
	endProviderSessions,
	lockProvider,
	type ProviderRow,
	readProvider,
	writeProvider,
} from './store.ts';

export interface ProviderActionOptions {
	readonly database: Database;
	readonly vault: Vault;
	readonly clients: ProviderClients;
	/** Hears whose sessions ended. */
	readonly changed: (userId: string) => void;
}

const words: FieldWords<KnownProvider> = {
	label: { label: 'Name' },
	issuer: { label: 'Issuer' },
	clientId: { label: 'Client ID' },
	domains: {
		label: 'E-mail domains',
		written: (domains) => (domains.length === 0 ? 'any' : domains.join(', ')),
	},
	isEnabled: { label: 'Sign-in', written: (isEnabled) => (isEnabled ? 'on' : 'off') },
	secretVersion: { label: 'Client secret', written: () => 'another one' },
};

export function knownOf(provider: ProviderRow): KnownProvider {
	return { ...kept(provider), secretVersion: provider.secretVersion };
}

/** What the audit log keeps; the secret is never among it. */
function kept({ label, issuer, clientId, domains, isEnabled }: ProviderSettings) {
	return { label, issuer, clientId, domains, isEnabled };
}

/**
 * Configures the provider of the actor's organization after asking it. Where people sign in elsewhere from now on, the
 * sessions that the old one vouched for end.
 * @throws `changed_meanwhile`, `provider_needed`, `invalid_input` for a provider that cannot be used, or a secret that is missing
 */
export async function configureProvider(
	{ database, vault, clients, changed }: ProviderActionOptions,
	{ principal, origin }: Actor,
	before: KnownProvider | null,
	after: ProviderSettings,
	newSecret: string | null,
): Promise<void> {
	const organizationNo = requireWholeOrganization(principal.scope);
	const owner = String(organizationNo);
	const secret =
		newSecret ??
		keptSecret(vault, owner, await readProvider(database, organizationNo), after) ??
		missingSecret();
	await requireUsable(clients, after, secret);
	const ended = await database.transaction().execute(async (transaction) => {
		const stored = await lockProvider(transaction, organizationNo);
		const changes = changesOf(before, stored);
		if (changes !== null) throw fault('changed_meanwhile', { changes });
		const isSame = stored?.issuer === after.issuer && after.isEnabled;
		if (stored !== undefined && !letsInAsBefore(stored, after))
			await requireReplaceable(transaction, stored);
		const secretThen =
			newSecret === null && stored !== undefined
				? stored
				: {
						clientSecret: vault.seal('provider-secret', owner, secret),
						secretVersion: (stored?.secretVersion ?? 0) + 1,
					};
		await writeProvider(transaction, organizationNo, after, secretThen);
		const userIds = isSame ? [] : await endProviderSessions(transaction, organizationNo);
		await recordAudit(transaction, principal, origin, {
			action: 'sign_in_provider.configure',
			subject: { kind: 'sign_in_provider', id: after.label },
			before: before === null ? null : kept(before),
			after: { ...kept(after), ...(newSecret !== null && { clientSecret: 'replaced' }) },
		});
		return userIds;
	});
	for (const userId of ended) changed(userId);
}

/** Removes the provider of the actor's organization, and ends the sessions that it vouched for. @throws `not_found`, `provider_needed` */
export async function removeProvider(
	{ database, changed }: ProviderActionOptions,
	{ principal, origin }: Actor,
): Promise<void> {
	const organizationNo = requireWholeOrganization(principal.scope);
	const ended = await database.transaction().execute(async (transaction) => {
		const stored = await lockProvider(transaction, organizationNo);
		if (stored === undefined) throw fault('not_found', { thing: 'sign-in provider' });
		await requireReplaceable(transaction, stored);
		await deleteProvider(transaction, organizationNo);
		const userIds = await endProviderSessions(transaction, organizationNo);
		await recordAudit(transaction, principal, origin, {
			action: 'sign_in_provider.remove',
			subject: { kind: 'sign_in_provider', id: stored.label },
			before: kept(stored),
			after: null,
		});
		return userIds;
	});
	for (const userId of ended) changed(userId);
}

/** Asks the stored provider anew. @returns what is wrong, or null. @throws `not_found` */
export async function checkProvider(
	options: ProviderActionOptions,
	{ principal }: Actor,
): Promise<string | null> {
	const organizationNo = requireWholeOrganization(principal.scope);
	const stored = await readProvider(options.database, organizationNo);
	if (stored === undefined) throw fault('not_found', { thing: 'sign-in provider' });
	if (secretOf(options.vault, stored) === null)
		return 'Enter the client secret again: it was kept with another auth-secret.';
	const problem = await problemOf(options, stored);
	return problem === null ? null : unusableSentence(problem);
}

/** Asks a stored provider anew. @returns why it cannot be used, as part of a sentence, or null */
export async function problemOf(
	{ vault, clients }: Pick<ProviderActionOptions, 'vault' | 'clients'>,
	stored: ProviderRow,
): Promise<string | null> {
	const secret = secretOf(vault, stored);
	if (secret === null) return 'its client secret was kept with another auth-secret';
	try {
		await clients.tryOut(stored.issuer, stored.clientId, secret);
		return null;
	} catch (error) {
		if (error instanceof ProviderUnusable) return error.message;
		throw error;
	}
}

function secretOf(vault: Vault, { organizationNo, clientSecret }: ProviderRow): string | null {
	return vault.open('provider-secret', String(organizationNo), clientSecret);
}

/** Keeps the only way in. @throws `provider_needed` */
async function requireReplaceable(
	transaction: Database,
	{ organizationNo, label }: ProviderRow,
): Promise<void> {
	const { allowsPassword } = await readPolicy(transaction, organizationNo);
	if (!allowsPassword) throw fault('provider_needed', { provider: label });
}

/** The stored secret, as long as it goes to nobody but whom it was for. */
function keptSecret(
	vault: Vault,
	owner: string,
	stored: ProviderRow | undefined,
	{ issuer, clientId }: ProviderSettings,
): string | null {
	if (stored?.issuer !== issuer || stored.clientId !== clientId) return null;
	return vault.open('provider-secret', owner, stored.clientSecret);
}

function missingSecret(): never {
	const message = 'Enter the client secret that belongs to this issuer and client ID.';
	throw fault('invalid_input', { summary: message }, [{ path: 'body.clientSecret', message }]);
}

async function requireUsable(
	clients: ProviderClients,
	{ issuer, clientId }: ProviderSettings,
	secret: string,
): Promise<void> {
	try {
		await clients.tryOut(issuer, clientId, secret);
	} catch (error) {
		if (!(error instanceof ProviderUnusable)) throw error;
		const message = unusableSentence(error.message);
		const path = error instanceof ClientUnknown ? 'body.clientSecret' : 'body.after.issuer';
		throw fault('invalid_input', { summary: message }, [{ path, message }]);
	}
}

function unusableSentence(problem: string): string {
	return `The provider cannot be used: ${problem}. Check it and try again.`;
}

function changesOf(before: KnownProvider | null, stored: ProviderRow | undefined): string | null {
	if (before === null) return stored === undefined ? null : 'there is a provider by now';
	if (stored === undefined) return 'there is no provider any more';
	return changesMeanwhile(before, knownOf(stored), words);
}

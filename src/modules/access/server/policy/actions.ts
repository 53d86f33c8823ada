import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile, type FieldWords } from '#platform/changes-meanwhile.ts';
import type { Database } from '#platform/database/connect.ts';
import type { SignInPolicy } from '../../contract.ts';
import { type ProviderActionOptions, problemOf } from '../provider/actions.ts';
import { hasLetAdminIn, readProvider } from '../provider/store.ts';
import { passwordNeededFor, providerMissing } from './rules.ts';
import {
	endPasswordSessions,
	lockSignIn,
	readPolicy,
	whoIsInByPassword,
	writePolicy,
} from './store.ts';

const words: FieldWords<SignInPolicy> = {
	requiresSecondFactor: {
		label: 'the second factor',
		written: (isRequired) => (isRequired ? 'required' : 'not required'),
	},
	allowsPassword: {
		label: 'password sign-in',
		written: (isAllowed) => (isAllowed ? 'on' : 'off'),
	},
};

export interface PolicyChange {
	readonly before: SignInPolicy;
	readonly after: SignInPolicy;
}

/**
 * Changes how the members of the actor's organization have to sign in. It holds for open sessions at once: those by
 * password end where passwords are given up.
 * @throws `changed_meanwhile`, `password_needed`
 */
export async function changePolicy(
	options: ProviderActionOptions,
	{ principal, origin }: Actor,
	{ before, after }: PolicyChange,
): Promise<void> {
	const { database, changed } = options;
	const organizationNo = requireWholeOrganization(principal.scope);
	const givesUpPasswords = before.allowsPassword && !after.allowsPassword;
	// Asked before the transaction: it may take seconds.
	const asked = givesUpPasswords ? await requireProvider(options, organizationNo) : null;
	const concerned = await database.transaction().execute(async (transaction) => {
		await lockSignIn(transaction, organizationNo);
		const changes = changesMeanwhile(before, await readPolicy(transaction, organizationNo), words);
		if (changes !== null) throw fault('changed_meanwhile', { changes });
		if (asked !== null) await requireSameProvider(transaction, organizationNo, asked);
		await writePolicy(transaction, organizationNo, after);
		const userIds = await whoIsInByPassword(transaction, organizationNo);
		if (!after.allowsPassword) await endPasswordSessions(transaction, organizationNo);
		await recordAudit(transaction, principal, origin, {
			action: 'sign_in_policy.change',
			subject: { kind: 'organization', id: principal.organization.name },
			before: { ...before },
			after: { ...after },
		});
		return userIds;
	});
	for (const userId of concerned) changed(userId);
}

/** What the provider was when it was asked. */
interface AskedProvider {
	readonly issuer: string;
	readonly clientId: string;
	readonly secretVersion: number;
}

/** Makes sure that members have another way in than passwords. @throws `password_needed` */
async function requireProvider(
	options: ProviderActionOptions,
	organizationNo: number,
): Promise<AskedProvider> {
	const provider = await readProvider(options.database, organizationNo);
	if (provider === undefined) throw fault('password_needed', { because: providerMissing });
	const because = passwordNeededFor({
		label: provider.label,
		isEnabled: provider.isEnabled,
		problem: provider.isEnabled ? await problemOf(options, provider) : null,
		hasLetAdminIn: await hasLetAdminIn(options.database, provider),
	});
	if (because !== null) throw fault('password_needed', { because });
	return provider;
}

async function requireSameProvider(
	transaction: Database,
	organizationNo: number,
	asked: AskedProvider,
): Promise<void> {
	const now = await readProvider(transaction, organizationNo);
	const isSame =
		now?.isEnabled &&
		now.issuer === asked.issuer &&
		now.clientId === asked.clientId &&
		now.secretVersion === asked.secretVersion;
	if (!isSame)
		throw fault('changed_meanwhile', { changes: 'the sign-in provider is another one now' });
}

import { type Fault, fault } from '#contract/faults.ts';
import type { Database } from '#platform/database/connect.ts';
import { readPlaces } from '../store.ts';
import { takesPassword } from './rules.ts';
import { isSuperAdmin } from './store.ts';
import { readWaysAt, readWaysOf, type SignInWays, unnamedProvider } from './ways.ts';

/**
 * What everybody hears at a host whose organization takes no passwords, whoever they are and whatever they type; null
 * where it does. Only Super Admins get in all the same.
 */
export async function passwordsOffAt(database: Database, hostName: string): Promise<Fault | null> {
	return passwordsOff(await readWaysAt(database, hostName));
}

/** Why an account may not come in by its password at a host; null where it may. */
export async function passwordRefusalOf(
	database: Database,
	userId: string,
	hostName: string,
): Promise<Fault | null> {
	const account = { isSuperAdmin: await isSuperAdmin(database, userId) };
	if (account.isSuperAdmin) return null;
	const offHere = await passwordsOffAt(database, hostName);
	if (offHere !== null) return offHere;
	const places = await readPlaces(database, userId, null, hostName);
	const [first] = places;
	if (first === undefined || places.some(({ policy }) => takesPassword(policy, account)))
		return null;
	return passwordsOff(await readWaysOf(database, first.membership.organizationNo));
}

function passwordsOff(ways: SignInWays | undefined): Fault | null {
	if (ways === undefined || ways.allowsPassword) return null;
	return fault('password_sign_in_off', { provider: ways.provider ?? unnamedProvider });
}

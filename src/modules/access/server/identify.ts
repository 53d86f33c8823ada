import type { IncomingHttpHeaders } from 'node:http';
import { parseCookies } from 'better-auth/cookies';
import { fromNodeHeaders } from 'better-auth/node';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Auth } from './auth.ts';
import { endSession, readSession, type SessionRow } from './store.ts';

/** How long an answer is kept, so that a page's burst of requests asks the database once. */
const keptMs = 2_000;
const maxKept = 10_000;
/** What is longer is no cookie of ours at any host name, and is not worth keeping. */
const maxKeyLength = 1_000;

interface Kept {
	readonly session: Promise<SessionRow | null>;
	/** A clock that was stepped back must not prolong it. */
	readonly keptAtMs: number;
}

export interface Identification {
	/**
	 * Who sends a request with these headers to this host (port or not); null for somebody who is not signed in.
	 * @throws `no_membership` for a user without access to the host's organization
	 */
	identify(headers: IncomingHttpHeaders, host: string): Promise<Principal | null>;
	/** Makes the next request of a session ask the database, since the session ended. */
	forget(headers: IncomingHttpHeaders): void;
	/** Makes the next request of everybody ask the database, since somebody may see or do something else now. */
	forgetAll(): void;
	/** Ends the session of a request that signed in anew: its cookie is replaced, and must not work elsewhere. */
	end(headers: IncomingHttpHeaders): Promise<void>;
}

export async function createIdentification(
	auth: Auth,
	database: Database,
	clock: Clock,
): Promise<Identification> {
	const { authCookies } = await auth.$context;
	const cookieName = authCookies.sessionToken.name;
	/** By {@link keyOf}. */
	const kept = new Map<string, Kept>();

	const verify = (headers: IncomingHttpHeaders) =>
		auth.api.getSession({
			headers: fromNodeHeaders(headers),
			query: { disableRefresh: true },
		});

	async function read(headers: IncomingHttpHeaders, cookie: string, host: string) {
		// The database is asked before better-auth is: it would hide why it could not read.
		const session = await readSession(database, tokenOf(cookie), host);
		if (session === null) return null;
		const verified = await verify(headers).catch(async () => {
			// It was lost in between: ask again who can say why.
			await readSession(database, tokenOf(cookie), host);
			return verify(headers);
		});
		return verified?.session.id === session.sessionId ? session : null;
	}

	function keep(key: string, session: Promise<SessionRow | null>): void {
		if (key.length > maxKeyLength) return;
		if (kept.size >= maxKept) kept.clear();
		kept.set(key, { session, keptAtMs: clock() });
		session.catch(() => kept.delete(key));
	}

	function forget(headers: IncomingHttpHeaders): void {
		const cookie = sessionCookie(headers, cookieName);
		if (cookie === null) return;
		const anyHost = keyOf(cookie, '');
		for (const key of kept.keys()) if (key.startsWith(anyHost)) kept.delete(key);
	}

	return {
		forget,
		forgetAll: () => kept.clear(),
		async end(headers) {
			const cookie = sessionCookie(headers, cookieName);
			if (cookie === null) return;
			await endSession(database, tokenOf(cookie));
			forget(headers);
		},
		async identify(headers, host) {
			const cookie = sessionCookie(headers, cookieName);
			if (cookie === null) return null;
			const hostName = hostNameOf(host);
			const key = keyOf(cookie, hostName);
			const known = kept.get(key);
			const session =
				known !== undefined && Math.abs(clock() - known.keptAtMs) < keptMs
					? known.session
					: read(headers, cookie, hostName);
			if (session !== known?.session) keep(key, session);
			const row = await session;
			return row === null ? null : principalOf(row);
		},
	};
}

function sessionCookie(headers: IncomingHttpHeaders, name: string): string | null {
	return parseCookies(headers.cookie ?? '').get(name) ?? null;
}

/** A cookie's value holds no line break. */
function keyOf(cookie: string, hostName: string): string {
	return `${cookie}\n${hostName}`;
}

/** The session's token; better-auth's cookie is the token with its signature behind a dot. */
function tokenOf(cookie: string): string {
	const end = cookie.lastIndexOf('.');
	return end === -1 ? cookie : cookie.slice(0, end);
}

function hostNameOf(host: string): string {
	return host.toLowerCase().replace(/:\d+$/, '');
}

function principalOf({ membership, sessionId, ...user }: SessionRow): Principal {
	if (membership === null) throw fault('no_membership');
	return {
		...user,
		name: membership.name ?? user.email,
		credential: { kind: 'session', sessionId },
		role: membership.role,
		misRole: membership.misRole,
		scope: {
			organizationNo: membership.organizationNo,
			dealerNo: membership.dealerNo,
			customerNos: membership.customerNos,
			deviceNos: null,
		},
		organization: {
			name: membership.organizationName,
			timeZone: membership.timeZone,
			country: membership.country,
			locale: membership.locale,
		},
		...(membership.enteredFrom !== null && { enteredFrom: membership.enteredFrom }),
	};
}

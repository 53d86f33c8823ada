import type { IncomingHttpHeaders } from 'node:http';
import { parseCookies } from 'better-auth/cookies';
import { fromNodeHeaders } from 'better-auth/node';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { createBriefMemory } from '#platform/brief-memory.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { hostNameOf } from '#platform/http/host-name.ts';
import type { Auth } from './auth.ts';
import { endSession, readSession, type SessionRow } from './store.ts';

/** For a page's burst of requests. */
const keptMs = 2_000;
const maxKept = 10_000;
/** What is longer is no cookie of ours at any host name, and is not worth keeping. */
const maxKeyLength = 1_000;

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
	const memory = createBriefMemory<SessionRow | null>({ clock, keptMs, maxKept });

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

	function forget(headers: IncomingHttpHeaders): void {
		const cookie = sessionCookie(headers, cookieName);
		if (cookie !== null) memory.forget(keyOf(cookie, ''));
	}

	return {
		forget,
		forgetAll: memory.forgetAll,
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
			const ask = () => read(headers, cookie, hostName);
			const row = await (key.length > maxKeyLength ? ask() : memory.recall(key, ask));
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

function principalOf({ membership, sessionId, lacksSecondFactor, ...user }: SessionRow): Principal {
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
		...(lacksSecondFactor && { lacksSecondFactor }),
		...(membership.enteredFrom !== null && { enteredFrom: membership.enteredFrom }),
	};
}

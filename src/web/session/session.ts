import { createContext, use } from 'react';
import type { Session } from './queries.ts';

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in, where, and as what; only behind the gate. */
export function useSession(): Session {
	const session = use(SessionContext);
	if (!session) throw new Error('useSession is only for pages behind the sign-in gate');
	return session;
}

import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

const openSession = createAuthEndpoint.serverOnly(
	{
		method: 'POST',
		body: z.object({ userId: z.string(), organizationNo: z.number().nullable() }),
	},
	async (context) => {
		const { internalAdapter } = context.context;
		const { userId, organizationNo } = context.body;
		const user = await internalAdapter.findUserById(userId);
		if (user === null) throw new Error('a session was asked for an account that is gone');
		const session = await internalAdapter.createSession(userId, false, { organizationNo });
		await setSessionCookie(context, { session, user });
		return context.json({});
	},
);

/**
 * Opens a session for somebody whom other code of this room has recognised, like any other session: token, cookie,
 * expiry are better-auth's. It has no path, so nothing outside this server can ask for it.
 */
export const sessionOpening = {
	id: 'session-opening',
	endpoints: { openSession },
} as const;

/** Cookie of a signed-in session; browsers know it as `__Secure-…` where the portal is reached by https only. */
export const sessionCookieName = 'portal_session';

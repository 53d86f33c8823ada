/**
 * Cookie of a signed-in session. Where the portal is reached by https only, browsers hold it to this very host, to
 * TLS and to the whole path by its prefix (RFC 6265bis, 4.1.3.2).
 */
export function sessionCookieName(isHttps: boolean): string {
	return isHttps ? '__Host-portal_session' : 'portal_session';
}

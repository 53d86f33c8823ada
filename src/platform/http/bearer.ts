import type { IncomingHttpHeaders } from 'node:http';

/** The token that a program sends (RFC 6750), or null. Other schemes are none of ours and mean nothing. */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | null {
	return /^Bearer(?: +(.*))?$/i.exec(authorization ?? '')?.[1]?.trim() ?? null;
}

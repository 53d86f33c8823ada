import type { z } from 'zod';
import { fault } from '#contract/faults.ts';

/** Where the next page begins, as programs hand it back. It says nothing that its page did not. */
export function writeCursor(place: unknown): string {
	return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that a cursor names; null without one. @throws `invalid_input` for one that nobody was given */
export function readCursor<Place extends z.ZodType>(
	schema: Place,
	cursor: string | undefined,
): z.output<Place> | null {
	if (cursor === undefined) return null;
	const { data, success } = schema.safeParse(parsed(cursor));
	if (success) return data;
	const message = 'This cursor was not given by a page of this list. Begin without one.';
	throw fault('invalid_input', { summary: message }, [{ path: 'query.cursor', message }]);
}

function parsed(cursor: string): unknown {
	try {
		return JSON.parse(Buffer.from(cursor, 'base64url').toString());
	} catch {
		return undefined;
	}
}

/** The `Link` header (RFC 8288) that leads from a request to its next page. */
export function nextLink(url: string, next: string): string {
	const [path = '', query = ''] = url.split('?');
	const search = new URLSearchParams(query);
	search.set('cursor', next);
	return `<${path}?${search}>; rel="next"`;
}

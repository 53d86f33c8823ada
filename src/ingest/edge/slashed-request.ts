import type { Socket } from 'node:net';

/** As much as has to be there to see whether an address begins without a slash. */
const enough = /^[A-Z]{1,7} ./;
const withoutSlash = /^[A-Z]{1,7} \?/;
const longestMethod = 9;

/**
 * Looks at the first bytes of a connection: `GET ?id=…`, as some trackers ask, becomes `GET /?id=…`, which a strict
 * parser takes. A connection that says nothing is closed.
 * @param ready called when the socket can be read from its beginning, with whether a slash was missing
 */
export function slashedFirstRequest(
	socket: Socket,
	patienceMs: number,
	ready: (wasMissing: boolean) => void,
): void {
	let seen = Buffer.alloc(0);
	const impatience = setTimeout(() => socket.destroy(), patienceMs);
	const look = (): void => {
		const chunk: Buffer | null = socket.read();
		if (chunk === null) return;
		seen = Buffer.concat([seen, chunk]);
		const start = seen.toString('latin1', 0, longestMethod);
		if (!enough.test(start) && seen.length < longestMethod) return;
		clearTimeout(impatience);
		socket.removeListener('readable', look);
		const place = withoutSlash.test(start) ? start.indexOf('?') : 0;
		const slash = Buffer.from(place > 0 ? '/' : '');
		socket.unshift(Buffer.concat([seen.subarray(0, place), slash, seen.subarray(place)]));
		ready(place > 0);
	};
	socket.on('readable', look);
	socket.once('close', () => clearTimeout(impatience));
}

import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import WebSocket from 'ws';

/** How long a connection that expects more is left open. */
const lingerMs = 150;
/** A connection that was given up has to be closed from the other side within this time. */
const patienceMs = 60_000;

export interface Sent {
	/** Everything that came back. */
	readonly received: Buffer;
}

/**
 * Ways to end: say that there is no more, whether or not an answer has begun, and wait for the other side; reset; or let
 * the other side end.
 */
export type Ending = 'finish' | 'finish when answered' | 'break' | 'wait';

/** Sends bytes over TCP and gathers what comes back until the connection has ended. */
export async function overTcp(
	port: number,
	pieces: readonly Buffer[],
	ending: Ending,
	localAddress = '127.0.0.1',
): Promise<Sent> {
	const socket = connect({
		port,
		host: '127.0.0.1',
		localAddress,
		noDelay: true,
		allowHalfOpen: true,
	});
	const received: Buffer[] = [];
	const closed = closing(socket, received);
	const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()));
	for (const piece of pieces) {
		if (socket.destroyed) break;
		socket.write(piece);
		await new Promise(setImmediate);
	}
	await Promise.race([closed, setTimeout(lingerMs)]);
	const giveUp = () => socket.destroy();
	if (ending === 'finish when answered')
		await within(Promise.race([closed, answered]), `Port ${port} does not answer`, giveUp);
	if (ending === 'break') socket.resetAndDestroy();
	else if (ending !== 'wait') socket.end();
	await within(closed, `A connection to port ${port} is still open`, giveUp);
	return { received: Buffer.concat(received) };
}

/** Sends packets of MQTT over WebSocket and gathers what comes back. */
export async function overWebSocket(
	url: string,
	pieces: readonly Buffer[],
	{ ending, asText }: { readonly ending: Ending; readonly asText: boolean },
): Promise<Sent> {
	const socket = new WebSocket(url, ['mqtt']);
	const received: Buffer[] = [];
	socket.on('error', () => {});
	socket.on('message', (data: Buffer) => received.push(data));
	const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
	await new Promise<void>((resolve, reject) => {
		socket.once('open', resolve);
		socket.once('error', reject);
	});
	for (const piece of pieces)
		if (socket.readyState === socket.OPEN) socket.send(piece, { binary: !asText });
	await Promise.race([closed, setTimeout(lingerMs)]);
	if (ending === 'break') socket.terminate();
	else socket.close();
	await within(closed, 'A WebSocket is still open', () => socket.terminate());
	return { received: Buffer.concat(received) };
}

function closing(socket: Socket, received: Buffer[]): Promise<void> {
	socket.on('error', () => {});
	socket.on('data', (bytes) => received.push(bytes));
	// The other side has said its last word: nothing is left to wait for.
	socket.on('end', () => socket.end());
	return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** @throws when it takes longer than anything should */
async function within(done: Promise<void>, what: string, giveUp: () => void): Promise<void> {
	const impatience = new AbortController();
	const isDone = await Promise.race([
		done.then(() => true),
		setTimeout(patienceMs, false, { signal: impatience.signal }).catch(() => true),
	]);
	impatience.abort();
	if (isDone) return;
	giveUp();
	throw new Error(`${what} after ${patienceMs / 1_000} s.`);
}

import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type LiveRequest, liveMessageSchema, livePath } from '#contract/live.ts';
import { fleetCountsTopic, fleetRowsTopic } from '#modules/fleet/contract.ts';
import { signIn } from '../tests/harness/sign-in.ts';

/** An operator's Fleet Console: signed in and watching the counts and the rows of one page. */
export interface Console {
	/** Messages of the watched topics so far. */
	readonly updates: number;
	close(): Promise<void>;
}

export async function openConsole(
	url: string,
	email: string,
	password: string,
	deviceNos: readonly number[],
): Promise<Console> {
	const cookie = await signIn(url, email, password);
	const socket = new WebSocket(new URL(livePath, url), {
		headers: { cookie, origin: url },
	});
	let updates = 0;
	socket.on('message', (data) => {
		const message = liveMessageSchema.parse(JSON.parse(String(data)));
		if (message.type === 'refused') throw new Error(`A topic was refused: ${message.detail}`);
		if (message.type === 'message') updates += 1;
	});
	await once(socket, 'open');
	const subscribe = (subscription: number, topic: string, params: unknown): void => {
		const request: LiveRequest = { type: 'subscribe', subscription, topic, params };
		socket.send(JSON.stringify(request));
	};
	subscribe(1, fleetCountsTopic.name, {});
	subscribe(2, fleetRowsTopic.name, { deviceNos });
	return {
		get updates() {
			return updates;
		},
		async close() {
			const closed = once(socket, 'close');
			socket.close();
			await closed;
		},
	};
}

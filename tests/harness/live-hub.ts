import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type LiveMessage, liveMessageSchema, livePath } from '#contract/live.ts';
import type { Principal } from '#contract/principal.ts';
import { LiveHub } from '#live/hub.ts';
import { createHttpServer } from '#platform/http/server.ts';
import { createLog } from '#platform/log.ts';

/** Who sees what belongs to customer 7 of organization 1. */
export const customerReader: Principal = {
	userId: 'u',
	credential: { kind: 'session', sessionId: 's' },
	email: 'e@example.com',
	name: 'E',
	role: 'customer',
	misRole: 'user',
	scope: { organizationNo: 1, dealerNo: null, customerNos: [7], deviceNos: null },
	organization: { name: 'Harbour', timeZone: 'UTC', country: 'IN', locale: 'en-IN' },
};

/** An open live connection. */
export interface LiveLine {
	subscribe(subscription: number, topic: string, params: unknown): void;
	close(): void;
}

export interface TestHub {
	open(onMessage: (message: LiveMessage) => void): Promise<LiveLine>;
	close(): Promise<void>;
}

/** A hub on a server of its own, where everybody is this reader. */
export async function startLiveHub(
	reader: Principal,
	serve: (hub: LiveHub) => void,
): Promise<TestHub> {
	const hub = new LiveHub({ isDatabaseUp: () => true, onFlush: () => {} });
	const app = await createHttpServer({
		log: createLog('silent'),
		publicUrl: null,
		version: '0',
		isDatabaseUp: () => true,
		requestsPerMinute: 1_000,
		identify: async () => reader,
	});
	await hub.register(app);
	serve(hub);
	const address = (await app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
	return {
		async open(onMessage) {
			const socket = new WebSocket(address + livePath);
			socket.on('message', (data) => onMessage(liveMessageSchema.parse(JSON.parse(String(data)))));
			await once(socket, 'open');
			return {
				subscribe: (subscription, topic, params) =>
					socket.send(JSON.stringify({ type: 'subscribe', subscription, topic, params })),
				close: () => socket.close(),
			};
		},
		close: () => app.close(),
	};
}

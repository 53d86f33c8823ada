import { once } from 'node:events';
import { WebSocket } from 'ws';
import { liveMessageSchema, livePath } from '#contract/live.ts';
import type { ProductUnderFault } from './product-under-fault.ts';

/** A page's WebSocket, as far as it tells how the database is. */
export class LivePage {
	/** What the last beat said. */
	database: 'up' | 'down' | null = null;
	/** The code with which the server closed it, if it did. */
	closedWith: number | null = null;
	readonly #socket: WebSocket;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.on('message', (data) => {
			const message = liveMessageSchema.parse(JSON.parse(String(data)));
			if (message.type === 'beat') this.database = message.database;
		});
		socket.on('close', (code) => {
			this.closedWith = code;
		});
	}

	/** @param cookie the session of whoever looks at the page */
	static async open(product: ProductUnderFault, cookie: string): Promise<LivePage> {
		const socket = new WebSocket(new URL(livePath, product.url.replace('http', 'ws')), {
			headers: { cookie },
			origin: product.url,
		});
		const page = new LivePage(socket);
		await once(socket, 'open');
		return page;
	}

	close(): void {
		this.#socket.close();
	}
}

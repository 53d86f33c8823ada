import type { Client } from 'aedes';

/** First byte and remaining length of a PUBACK (MQTT 3.1.1, 3.4); its two-byte packet identifier follows. */
const pubackHeader = 0x4002;
const pubackBytes = 4;

/**
 * Writes the acknowledgements of a committed batch: all of one connection's together, since each write is a system
 * call.
 */
export class Acknowledgements {
	#waiting = new Map<Client, number[]>();

	/** Acknowledges a PUBLISH when the present task is over. */
	add(client: Client, messageId: number): void {
		if (this.#waiting.size === 0) queueMicrotask(() => this.#write());
		const ids = this.#waiting.get(client);
		if (ids === undefined) this.#waiting.set(client, [messageId]);
		else ids.push(messageId);
	}

	#write(): void {
		const waiting = this.#waiting;
		this.#waiting = new Map();
		for (const [client, messageIds] of waiting) {
			if (client.closed) continue;
			const bytes = Buffer.allocUnsafe(pubackBytes * messageIds.length);
			messageIds.forEach((messageId, place) => {
				bytes.writeUInt16BE(pubackHeader, place * pubackBytes);
				bytes.writeUInt16BE(messageId, place * pubackBytes + 2);
			});
			client.conn.write(bytes);
		}
	}
}

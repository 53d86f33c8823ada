import type { Socket } from 'node:net';

/**
 * Hands on what a socket reads until a packet announces more bytes than it may have; then the connection ends. The
 * broker would gather up to 256 MB of each packet, and of people without a key too.
 * @param limitBytes what a packet's remaining length (MQTT 3.1.1, 2.2.3) may be at this moment
 * @param onExceeded called once, before the connection ends
 */
export function limitPackets(
	socket: Socket,
	limitBytes: () => number,
	onExceeded: () => void,
): void {
	const lengths = new PacketLengths();
	const read = socket.read.bind(socket);
	socket.read = (size) => {
		const chunk: Buffer | null = read(size);
		if (chunk === null || lengths.largestIn(chunk) <= limitBytes()) return chunk;
		onExceeded();
		socket.destroy();
		return null;
	};
}

/** Walks over the packets of a stream and reads nothing but their lengths. */
class PacketLengths {
	/** Bytes of the present packet that are still to come. */
	#remaining = 0;
	/** The present packet's length as far as its digits are known; null until its first byte. */
	#length: number | null = null;
	#unit = 1;

	/** The largest length that ends or grows in the chunk. */
	largestIn(chunk: Buffer): number {
		let largest = 0;
		for (let place = 0; place < chunk.length; ) {
			if (this.#remaining > 0) {
				const passed = Math.min(this.#remaining, chunk.length - place);
				this.#remaining -= passed;
				place += passed;
				continue;
			}
			const byte = chunk[place++]!;
			if (this.#length === null) {
				this.#length = 0;
				this.#unit = 1;
				continue;
			}
			this.#length += (byte & 0x7f) * this.#unit;
			this.#unit *= 0x80;
			largest = Math.max(largest, this.#length);
			if (byte >= 0x80) continue;
			this.#remaining = this.#length;
			this.#length = null;
		}
		return largest;
	}
}

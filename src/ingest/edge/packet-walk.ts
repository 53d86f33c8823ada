/** Control packet type of DISCONNECT (MQTT 3.1.1, table 2.1). */
const disconnect = 14;

/** Walks over the packets of an MQTT stream and reads nothing but their types and lengths. */
export class PacketWalk {
	/** Bytes of the present packet that are still to come. */
	#remaining = 0;
	/** The present packet's length as far as its digits are known; null until its first byte. */
	#length: number | null = null;
	#unit = 1;
	#lastType = 0;

	/** Whether the last packet said that the device closes the connection by itself. */
	get endedByDisconnect(): boolean {
		return this.#lastType === disconnect;
	}

	/** Walks on. @returns the largest remaining length (MQTT 3.1.1, 2.2.3) that ends or grows in the chunk */
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
				this.#lastType = byte >> 4;
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

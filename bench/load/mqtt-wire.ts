/**
 * As much of MQTT 3.1.1 as a publishing device needs, written for speed: a client library costs several times what the
 * broker under test does, and would measure itself.
 */

export const connackType = 2;
export const pubackType = 4;

/** CONNECT with user name and password, clean session. */
export function connectPacket(
	deviceId: string,
	password: string,
	keepAliveSeconds: number,
): Buffer {
	const variableHeader = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0b1100_0010, 0, 0]);
	variableHeader.writeUInt16BE(keepAliveSeconds, 8);
	return packet(0x10, [variableHeader, field(deviceId), field(deviceId), field(password)]);
}

/** PUBLISH with QoS 1; the packet identifier lies in the two bytes before the payload. */
export function publishPacket(topic: string, packetId: number, payload: Buffer): Buffer {
	const identifier = Buffer.alloc(2);
	identifier.writeUInt16BE(packetId);
	return packet(0x32, [field(topic), identifier, payload]);
}

export const disconnectPacket = Buffer.from([0xe0, 0]);

function field(text: string): Buffer {
	const bytes = Buffer.from(text, 'utf8');
	const length = Buffer.alloc(2);
	length.writeUInt16BE(bytes.length);
	return Buffer.concat([length, bytes]);
}

function packet(firstByte: number, parts: readonly Buffer[]): Buffer {
	const body = Buffer.concat(parts);
	const header = [firstByte];
	let remaining = body.length;
	do {
		const digit = remaining % 128;
		remaining = Math.floor(remaining / 128);
		header.push(remaining > 0 ? digit | 0x80 : digit);
	} while (remaining > 0);
	return Buffer.concat([Buffer.from(header), body]);
}

/**
 * Reads the packets a broker sends to a publisher. All of them (CONNACK, PUBACK) are four bytes long; whatever else
 * comes is an error.
 */
export class AnswerReader {
	readonly #onAnswer: (type: number, value: number) => void;
	#first = 0;
	#third = 0;
	#position = 0;

	/** @param onAnswer receives the packet type and its last two bytes as one number */
	constructor(onAnswer: (type: number, value: number) => void) {
		this.#onAnswer = onAnswer;
	}

	read(bytes: Uint8Array, length: number): void {
		for (let index = 0; index < length; index += 1) {
			const byte = bytes[index] ?? 0;
			switch (this.#position) {
				case 0:
					this.#first = byte;
					break;
				case 1:
					if (byte !== 2) throw new Error(`Unexpected packet of type ${this.#first >> 4}`);
					break;
				case 2:
					this.#third = byte;
					break;
				default:
					this.#onAnswer(this.#first >> 4, (this.#third << 8) | byte);
			}
			this.#position = (this.#position + 1) & 3;
		}
	}
}

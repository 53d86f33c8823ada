import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { telemetryTopic } from '#contract/device-topics.ts';

/** Packet types of MQTT 3.1.1, table 2.1. */
export const packetType = {
	connect: 1,
	connack: 2,
	publish: 3,
	puback: 4,
	pubrec: 5,
	subscribe: 8,
	suback: 9,
	pingreq: 12,
	pingresp: 13,
} as const;

export interface Packet {
	readonly type: number;
	readonly body: Buffer;
}

export interface Connect {
	readonly clientId: string;
	readonly userName: string;
	readonly password: string;
	readonly protocol?: { readonly name: string; readonly level: number };
	readonly keepAliveSeconds?: number;
	readonly cleanSession?: boolean;
	readonly will?: { readonly topic: string; readonly body: string };
}

export interface Credentials {
	readonly deviceId: string;
	readonly key: string;
}

/** A device's connection byte by byte: it sends what no client library would. */
export class DeviceWire {
	readonly socket: Socket;
	readonly #packets: Packet[] = [];
	readonly #listeners = new Set<() => void>();
	#buffer: Buffer = Buffer.alloc(0);
	#lastId = 0;
	#isClosed = false;

	private constructor(socket: Socket) {
		this.socket = socket;
		// A connection that the broker resets is what many tests want.
		socket.on('error', () => {});
		socket.on('data', (bytes) => this.#receive(bytes));
		socket.on('close', () => {
			this.#isClosed = true;
			this.#tell();
		});
	}

	static async open(port: number): Promise<DeviceWire> {
		const socket = connect({ port, host: '127.0.0.1', noDelay: true });
		await once(socket, 'connect');
		return new DeviceWire(socket);
	}

	get isClosed(): boolean {
		return this.#isClosed;
	}

	/** Connects with a device's key, or throws. */
	async signIn({ deviceId, key }: Credentials, parts: Partial<Connect> = {}): Promise<void> {
		const code = await this.connect({
			clientId: deviceId,
			userName: deviceId,
			password: key,
			...parts,
		});
		if (code !== 0) throw new Error(`CONNECT of ${deviceId} was answered with ${code}`);
	}

	/** @returns the return code of CONNACK, or null when the connection ended without one */
	async connect(parts: Connect): Promise<number | null> {
		this.send(connectPacket(parts));
		return (await this.receive(packetType.connack))?.body[1] ?? null;
	}

	/** Publishes telemetry with quality 1. @returns whether it was acknowledged; false: the connection ended */
	async publish(deviceId: string, body: unknown): Promise<boolean> {
		this.#lastId = (this.#lastId % 0xffff) + 1;
		const id = this.#lastId;
		this.send(publishPacket(telemetryTopic(deviceId), bytesOf(body), 1, id));
		const answer = await this.receive(
			packetType.puback,
			(packet) => packet.body.readUInt16BE(0) === id,
		);
		return answer !== null;
	}

	send(bytes: Buffer): void {
		this.socket.write(bytes);
	}

	/** Waits for a packet and takes it. @returns null when the connection ended without it */
	async receive(
		type: number,
		matches: (packet: Packet) => boolean = () => true,
	): Promise<Packet | null> {
		for (;;) {
			const place = this.#packets.findIndex((packet) => packet.type === type && matches(packet));
			if (place !== -1) return this.#packets.splice(place, 1)[0] ?? null;
			if (this.#isClosed) return null;
			await new Promise<void>((resolve) => this.#listeners.add(resolve));
		}
	}

	/** Resolves when the broker has ended the connection. */
	async ended(): Promise<void> {
		while (!this.#isClosed) await new Promise<void>((resolve) => this.#listeners.add(resolve));
	}

	/** Ends the connection without a word. */
	break(): void {
		this.socket.destroy();
	}

	#receive(bytes: Buffer): void {
		this.#buffer = Buffer.concat([this.#buffer, bytes]);
		for (;;) {
			const header = headerOf(this.#buffer);
			if (header === null || this.#buffer.length < header.bytes + header.length) break;
			const end = header.bytes + header.length;
			this.#packets.push({
				type: this.#buffer.readUInt8(0) >> 4,
				body: this.#buffer.subarray(header.bytes, end),
			});
			this.#buffer = this.#buffer.subarray(end);
		}
		this.#tell();
	}

	#tell(): void {
		for (const listener of this.#listeners) listener();
		this.#listeners.clear();
	}
}

function headerOf(buffer: Buffer): { bytes: number; length: number } | null {
	let length = 0;
	for (let digit = 0; digit < 4 && digit + 1 < buffer.length; digit++) {
		const byte = buffer.readUInt8(digit + 1);
		length += (byte & 0x7f) * 0x80 ** digit;
		if (byte < 0x80) return { bytes: digit + 2, length };
	}
	return null;
}

export function connectPacket(parts: Connect): Buffer {
	const { name, level } = parts.protocol ?? { name: 'MQTT', level: 4 };
	const isClean = parts.cleanSession ?? true;
	const flags = 0b1100_0000 | (isClean ? 0b10 : 0) | (parts.will === undefined ? 0 : 0b0000_1100);
	return packet(0x10, [
		text(name),
		Buffer.from([level, flags]),
		number(parts.keepAliveSeconds ?? 60),
		text(parts.clientId),
		...(parts.will === undefined ? [] : [text(parts.will.topic), text(parts.will.body)]),
		text(parts.userName),
		text(parts.password),
	]);
}

export function publishPacket(
	topic: string,
	body: Buffer,
	quality: 0 | 1 | 2,
	id: number,
	retain = false,
): Buffer {
	return packet(0x30 | (quality << 1) | (retain ? 1 : 0), [
		text(topic),
		...(quality === 0 ? [] : [number(id)]),
		body,
	]);
}

export function subscribePacket(id: number, filters: readonly string[]): Buffer {
	return packet(0x82, [
		number(id),
		...filters.flatMap((filter) => [text(filter), Buffer.from([1])]),
	]);
}

export const pingPacket = Buffer.from([packetType.pingreq << 4, 0]);

/** The beginning of a packet that announces so many bytes. */
export function announcement(firstByte: number, length: number): Buffer {
	const bytes = [firstByte];
	let remaining = length;
	do {
		const digit = remaining % 0x80;
		remaining = Math.floor(remaining / 0x80);
		bytes.push(remaining > 0 ? digit | 0x80 : digit);
	} while (remaining > 0);
	return Buffer.from(bytes);
}

function packet(firstByte: number, parts: readonly Buffer[]): Buffer {
	const body = Buffer.concat(parts);
	return Buffer.concat([announcement(firstByte, body.length), body]);
}

function text(value: string): Buffer {
	const bytes = Buffer.from(value, 'utf8');
	return Buffer.concat([number(bytes.length), bytes]);
}

function number(value: number): Buffer {
	return Buffer.from([value >> 8, value & 0xff]);
}

function bytesOf(body: unknown): Buffer {
	if (Buffer.isBuffer(body)) return body;
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

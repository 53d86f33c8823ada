import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'aedes';
import { commandTopic } from '#contract/device-topics.ts';
import type { CommandTaker, OutgoingCommand } from './command-lines.ts';
import type { AuthenticatedDevice } from './device-directory.ts';
import type { DeviceTransport, DisconnectReason } from './observer.ts';
import { PacketWalk } from './packet-walk.ts';

/** PUBLISHes of one connection that are held before it is read on; those of one read may be some more. */
export const heldMax = 100;
/** What somebody may send who has shown no key yet: a CONNECT with a will, and what follows it at once. */
const maxPacketBytesBefore = 64 * 1024;

/** Where a stream of MQTT packets comes from. */
export interface MqttOrigin {
	readonly transport: DeviceTransport;
	readonly address: string;
	/** Device id of the client certificate that the peer has proved to hold; null: it showed none. */
	readonly certifiedId: string | null;
}

/** What a CONNECT said, besides who it is. */
export interface MqttIntroduction {
	readonly clientId: string;
	readonly keepAliveSeconds: number;
	readonly isCleanSession: boolean;
	readonly will: { readonly topic: string; readonly bytes: Buffer } | null;
}

export interface MqttConnectionOptions {
	readonly origin: MqttOrigin;
	readonly connectionNo: number;
	readonly maxPacketBytes: number;
	onPacketTooLarge(): void;
}

/**
 * One MQTT connection, admitted or not. The broker reads nothing from its stream while too much of the device is
 * held, or while it has sent faster than it may.
 */
export class MqttConnection {
	readonly stream: Duplex;
	readonly options: MqttConnectionOptions;
	/** What its CONNECT said; null before. */
	introduction: MqttIntroduction | null = null;
	/** Who it is; null until it has shown so. */
	device: AuthenticatedDevice | null = null;
	/** Quality at which it subscribed to its commands; null: it did not. */
	taker: MqttCommandTaker | null = null;
	/** How many of its PUBLISHes are held. */
	held = 0;
	/** Whether the observer knows of it. */
	isAnnounced = false;
	/** Why the server ends it. */
	endReason: DisconnectReason | null = null;
	readonly #walk = new PacketWalk();
	#resume: NodeJS.Timeout | null = null;
	#resumeAtMs = 0;

	constructor(stream: Duplex, options: MqttConnectionOptions) {
		this.stream = stream;
		this.options = options;
		const read = stream.read.bind(stream);
		// The broker asks again after each PUBLISH that is settled.
		stream.read = (size) => {
			if (this.held >= heldMax || this.#resume !== null) return null;
			const chunk: Buffer | null = read(size);
			if (chunk === null || this.#isWithinLimit(chunk)) return chunk;
			options.onPacketTooLarge();
			this.end('limited');
			return null;
		};
	}

	/** Reads nothing for so long from now. @returns false when it was paused already */
	pause(forMs: number): boolean {
		this.#resumeAtMs = performance.now() + forMs;
		if (this.#resume !== null) return false;
		this.#resumeAfter(forMs);
		return true;
	}

	/** Ends it at once. */
	end(reason: DisconnectReason): void {
		this.endReason ??= reason;
		this.stream.destroy();
	}

	/** Why it ended, once it has. */
	get reason(): DisconnectReason {
		return this.endReason ?? (this.#walk.endedByDisconnect ? 'closed_by_device' : 'lost');
	}

	/** Its stream is closed: nothing is waited for any more. */
	ended(): void {
		if (this.#resume !== null) clearTimeout(this.#resume);
	}

	#resumeAfter(ms: number): void {
		this.#resume = setTimeout(() => {
			const leftMs = this.#resumeAtMs - performance.now();
			if (leftMs > 0) return this.#resumeAfter(leftMs);
			this.#resume = null;
			if (!this.stream.destroyed) this.stream.emit('readable');
		}, Math.ceil(ms)).unref();
	}

	#isWithinLimit(chunk: Buffer): boolean {
		const limitBytes = this.device === null ? maxPacketBytesBefore : this.options.maxPacketBytes;
		return this.#walk.largestIn(chunk) <= limitBytes;
	}
}

/** A subscription of a connection to its device's commands. */
export class MqttCommandTaker implements CommandTaker {
	readonly isAcknowledging: boolean;
	readonly #deviceId: string;
	readonly #client: Client;

	constructor(deviceId: string, client: Client, qos: 0 | 1) {
		this.#deviceId = deviceId;
		this.#client = client;
		this.isAcknowledging = qos === 1;
	}

	get isClosed(): boolean {
		return this.#client.closed;
	}

	write(command: OutgoingCommand, written: () => void): void {
		this.#client.publish(
			{
				cmd: 'publish',
				topic: commandTopic(this.#deviceId),
				payload: command.body,
				qos: this.isAcknowledging ? 1 : 0,
				dup: false,
				retain: false,
			},
			() => {
				if (!this.#client.closed) written();
			},
		);
	}

	reset(): void {
		const { conn } = this.#client;
		if (conn instanceof Socket) conn.resetAndDestroy();
		else conn.destroy();
	}
}

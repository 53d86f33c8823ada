import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { telemetryTopic } from '#contract/device-topics.ts';
import {
	AnswerReader,
	connackType,
	connectPacket,
	pubackType,
	publishPacket,
} from '../../bench/load/mqtt-wire.ts';
import { until } from '../harness/until.ts';
import type { ProductUnderFault } from './product-under-fault.ts';

const keepAliveSeconds = 600;
/** Before it tries again, a device waits about so long. */
const retryMs = 500;

/** Very many devices that do the same at the same moment, on raw sockets: a client library would be the bottleneck. */
export class Storm {
	readonly #devices: readonly StormDevice[];

	constructor(product: ProductUnderFault, deviceIds: readonly string[]) {
		const onNewPort = () => product.mqttPort;
		this.#devices = deviceIds.map(
			(deviceId) => new StormDevice(onNewPort, deviceId, product.device(deviceId).key),
		);
	}

	/** Connects all at once, also again when connections break. @returns after how long the last was connected */
	async connect(patienceMs: number): Promise<number> {
		const beganAtMs = performance.now();
		for (const device of this.#devices) device.connect();
		await this.#all((device) => device.isConnected, 'connected', patienceMs);
		return performance.now() - beganAtMs;
	}

	/** Waits until each is connected again by itself. @returns after how long the last was */
	async reconnected(patienceMs: number): Promise<number> {
		const beganAtMs = performance.now();
		await this.#all((device) => device.isConnected, 'connected', patienceMs);
		return performance.now() - beganAtMs;
	}

	/** Breaks every connection at once and waits until each is back. @returns after how long the last was */
	async breakConnections(patienceMs: number): Promise<number> {
		for (const device of this.#devices) device.breakConnection();
		return this.reconnected(patienceMs);
	}

	/** Lets each send its next reading at once, and waits until all are acknowledged. */
	async report(patienceMs: number): Promise<void> {
		for (const device of this.#devices) device.report();
		await this.#all((device) => device.isAcknowledged, 'acknowledged', patienceMs);
	}

	/** Compares what was acknowledged with what is stored: every reading of every device, once. */
	async expectStored(product: ProductUnderFault): Promise<void> {
		const stored = await product.query<{ device_id: string; sequences: number[] }>(
			`select device_id, array_agg(odometer_km order by odometer_km) as sequences
			from readings join device using (device_no) where device_id = any($1) group by 1`,
			[this.#devices.map(({ deviceId }) => deviceId)],
		);
		const sequencesOf = new Map(stored.map((row) => [row.device_id, row.sequences]));
		for (const device of this.#devices)
			assert.deepEqual(sequencesOf.get(device.deviceId) ?? [], device.reported, device.deviceId);
	}

	end(): void {
		for (const device of this.#devices) device.end();
	}

	async #all(
		isDone: (device: StormDevice) => boolean,
		what: string,
		patienceMs: number,
	): Promise<void> {
		await until(() => {
			const done = this.#devices.filter(isDone).length;
			if (done < this.#devices.length)
				throw new Error(`${done} of ${this.#devices.length} devices are ${what}`);
		}, patienceMs);
	}
}

class StormDevice {
	readonly #portOf: () => number | null;
	readonly deviceId: string;
	readonly #key: string;
	#socket: Socket | null = null;
	#isConnected = false;
	#isEnding = false;
	#sequence = 0;
	#acknowledged = 0;

	constructor(portOf: () => number | null, deviceId: string, key: string) {
		this.#portOf = portOf;
		this.deviceId = deviceId;
		this.#key = key;
	}

	/** Sequences of what it has reported so far. */
	get reported(): number[] {
		return Array.from({ length: this.#sequence }, (_, index) => index + 1);
	}

	get isConnected(): boolean {
		return this.#isConnected;
	}

	get isAcknowledged(): boolean {
		return this.#acknowledged === this.#sequence;
	}

	connect(): void {
		const port = this.#portOf();
		if (port === null) {
			this.#connectLater();
			return;
		}
		const reader = new AnswerReader((type, value) => this.#answered(type, value));
		const socket = connect({ host: '127.0.0.1', port, noDelay: true });
		this.#socket = socket;
		socket.on('data', (data) => reader.read(data, data.length));
		socket.on('error', () => {});
		socket.on('close', () => {
			this.#isConnected = false;
			if (!this.#isEnding) this.#connectLater();
		});
		socket.write(connectPacket(this.deviceId, this.#key, keepAliveSeconds));
	}

	breakConnection(): void {
		this.#isConnected = false;
		this.#socket?.destroy();
	}

	report(): void {
		this.#sequence += 1;
		this.#send();
	}

	end(): void {
		this.#isEnding = true;
		this.#socket?.destroy();
	}

	#connectLater(): void {
		setTimeout(() => {
			if (!this.#isEnding) this.connect();
		}, randomInt(retryMs));
	}

	#answered(type: number, value: number): void {
		if (type === pubackType) this.#acknowledged = value;
		if (type !== connackType) return;
		if (value & 0xff) {
			this.#socket?.destroy();
			return;
		}
		this.#isConnected = true;
		if (!this.isAcknowledged) this.#send();
	}

	/** The packet's identifier is the sequence. */
	#send(): void {
		if (!this.#isConnected) return;
		const body = { boot: 'storm', seq: this.#sequence, odometer_km: this.#sequence };
		this.#socket?.write(
			publishPacket(
				telemetryTopic(this.deviceId),
				this.#sequence,
				Buffer.from(JSON.stringify(body)),
			),
		);
	}
}

import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import { telemetryTopic } from '#contract/device-topics.ts';
import type { ProductUnderFault } from './product-under-fault.ts';

/** By what a device's readings can be told from each other. */
export type Identity = 'sequence and time' | 'sequence' | 'time' | 'nothing';

export interface ReportingDeviceOptions {
	readonly identity?: Identity;
	readonly keepAliveSeconds?: number;
	/** How long it waits after an acknowledgement before its next reading; else not at all. */
	readonly pauseMs?: number;
}

const reconnectPeriodMs = 250;

/**
 * A device that sends one reading after the other, each when the one before was acknowledged. When its connection
 * breaks it comes back and sends the unacknowledged reading again, as MQTT wants it of quality 1.
 */
export class ReportingDevice {
	readonly deviceId: string;
	readonly identity: Identity;
	/** Names of the readings it has sent, at least in part; each stands in its reading as the sensor `reading`. */
	readonly sent: string[] = [];
	/** Names of those that were acknowledged. */
	readonly acknowledged: string[] = [];
	/** Return codes with which its CONNECTs were refused. */
	readonly refusals: number[] = [];
	/** How often its connection has ended. */
	breaks = 0;
	readonly #topic: string;
	readonly #pauseMs: number;
	readonly #client: mqtt.MqttClient;
	#isFinishing = false;
	#reporting: Promise<void> = Promise.resolve();

	constructor(product: ProductUnderFault, deviceId: string, options: ReportingDeviceOptions = {}) {
		this.deviceId = deviceId;
		this.identity = options.identity ?? 'sequence and time';
		this.#topic = telemetryTopic(deviceId);
		this.#pauseMs = options.pauseMs ?? 0;
		const openConnection = () =>
			connect({ host: '127.0.0.1', port: product.mqttPort ?? closedPort });
		this.#client = new mqtt.MqttClient(openConnection, {
			protocolVersion: 4,
			clientId: deviceId,
			username: deviceId,
			password: product.device(deviceId).key,
			keepalive: options.keepAliveSeconds ?? 60,
			reconnectPeriod: reconnectPeriodMs,
			reconnectOnConnackError: true,
		});
		this.#client.on('close', () => {
			this.breaks += 1;
		});
		this.#client.on('error', (error) => {
			if ('code' in error && typeof error.code === 'number') this.refusals.push(error.code);
		});
	}

	get isConnected(): boolean {
		return this.#client.connected;
	}

	/** Whether it sends one reading after the other. */
	get isReporting(): boolean {
		return !this.#isFinishing;
	}

	/** Begins to report. */
	report(): void {
		this.#isFinishing = false;
		this.#reporting = this.#report();
	}

	/** Sends no more readings and waits until the last one is acknowledged. */
	async finish(): Promise<void> {
		this.#isFinishing = true;
		await this.#reporting;
	}

	/** Sends a reading of quality 0, for which no acknowledgement comes, unless the last one has not left yet. */
	sendUnheld(bodyBytes: number): void {
		if (!this.isConnected || this.#client.stream.writableNeedDrain) return;
		this.#client.publish(this.#topic, JSON.stringify({ soc_pct: 50 }).padEnd(bodyBytes), {
			qos: 0,
		});
	}

	/** Breaks its connection, as a tunnel does; it comes back by itself. */
	breakConnection(): void {
		this.#client.stream.destroy();
	}

	/** Ends its connection for good, whatever is on the way. */
	async end(): Promise<void> {
		this.#isFinishing = true;
		await this.#client.endAsync(true);
	}

	async #report(): Promise<void> {
		while (!this.#isFinishing) {
			const count = this.sent.length + 1;
			const name = `${this.deviceId}/${count}`;
			const body = JSON.stringify({
				...(this.identity.includes('sequence') && { boot: 'first', seq: count }),
				...(this.identity.includes('time') && { at: new Date().toISOString() }),
				odometer_km: count,
				reading: name,
			});
			this.sent.push(name);
			if (await this.#sendUntilAcknowledged(body)) this.acknowledged.push(name);
			if (this.#pauseMs > 0) await delay(this.#pauseMs);
		}
	}

	async #sendUntilAcknowledged(body: string): Promise<boolean> {
		while (!this.#client.disconnecting) {
			try {
				await this.#client.publishAsync(this.#topic, body, { qos: 1 });
				return true;
			} catch {
				// Its connection broke before it was sent.
			}
		}
		return false;
	}
}

/** Nothing listens here, so that a connection is refused as on a machine whose server is gone. */
const closedPort = 1;

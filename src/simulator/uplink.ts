import mqtt, { type MqttClient } from 'mqtt';
import { telemetryTopic } from '#contract/device-topics.ts';
import { Outbox } from './outbox.ts';

export interface BackOff {
	readonly firstMs: number;
	readonly maxMs: number;
}

export interface UplinkSettings {
	readonly mqttUrl: string;
	readonly deviceId: string;
	readonly key: string;
	/** How many unacknowledged messages the device can hold. */
	readonly capacity: number;
	/** How many of them may be on the way at once. */
	readonly window: number;
	readonly backOff: BackOff;
	/** Hears why a connection failed or ended, and that a message was lost because the device's memory was full. */
	readonly onTrouble: (trouble: string) => void;
	/** Hears of each connection that was made. */
	readonly onConnected: (client: MqttClient) => void;
}

/**
 * A device's connection: MQTT 3.1.1, QoS 1. A message stays until it is acknowledged and is sent again, byte for byte,
 * after each reconnect.
 */
export class Uplink {
	readonly #settings: UplinkSettings;
	readonly #topic: string;
	readonly #outbox: Outbox;
	#client: MqttClient | null = null;
	#retryTimer: NodeJS.Timeout | null = null;
	#failures = 0;
	#isCovered = true;
	#isOn = true;
	#closed = false;
	#onEmpty: (() => void) | null = null;

	constructor(settings: UplinkSettings) {
		this.#settings = settings;
		this.#topic = telemetryTopic(settings.deviceId);
		this.#outbox = new Outbox(settings.capacity);
		this.#connect();
	}

	/** Messages that wait for their acknowledgement. */
	get unacknowledged(): number {
		return this.#outbox.size;
	}

	send(message: string): void {
		if (this.#outbox.put(message))
			this.#settings.onTrouble('memory full, the oldest unacknowledged reading was lost');
		this.#pump();
	}

	/** Without coverage there is no connection and messages wait; with it the device connects again at once. */
	setCoverage(isCovered: boolean): void {
		this.#change(() => {
			this.#isCovered = isCovered;
		});
	}

	/** Switched off there is no connection either. */
	setPower(isOn: boolean): void {
		this.#change(() => {
			this.#isOn = isOn;
		});
	}

	#change(change: () => void): void {
		const wasReachable = this.#isReachable;
		change();
		if (this.#isReachable === wasReachable || this.#closed) return;
		if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
		const client = this.#client;
		this.#client = null;
		client?.end(true);
		this.#outbox.rewind();
		if (this.#isReachable) this.#connect();
	}

	get #isReachable(): boolean {
		return this.#isCovered && this.#isOn;
	}

	/** Waits for the outstanding acknowledgements for at most `graceMs`, then disconnects. */
	async close(graceMs: number): Promise<void> {
		if (this.#outbox.size > 0 && this.#client?.connected) {
			const { promise, resolve } = Promise.withResolvers<void>();
			this.#onEmpty = resolve;
			const timer = setTimeout(resolve, graceMs);
			await promise;
			clearTimeout(timer);
		}
		this.#closed = true;
		if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
		const client = this.#client;
		this.#client = null;
		await client?.endAsync(!client.connected || this.#outbox.size > 0);
	}

	#connect(): void {
		const { mqttUrl, deviceId, key } = this.#settings;
		// Reconnecting is done here and not by the client, whose interval has no jitter: a fleet would come back at once.
		const client = mqtt.connect(mqttUrl, {
			protocolVersion: 4,
			clientId: deviceId,
			username: deviceId,
			password: key,
			clean: true,
			keepalive: 60,
			connectTimeout: 10_000,
			reconnectPeriod: 0,
		});
		this.#client = client;
		client.on('connect', () => {
			this.#failures = 0;
			this.#settings.onConnected(client);
			this.#pump();
		});
		client.on('error', (error) => this.#lost(client, reason(error)));
		client.on('close', () => this.#lost(client, 'the connection closed'));
	}

	#lost(client: MqttClient, why: string): void {
		if (this.#client !== client || this.#closed) return;
		this.#client = null;
		client.end(true);
		this.#outbox.rewind();
		this.#settings.onTrouble(why);
		const { firstMs, maxMs } = this.#settings.backOff;
		const ceilingMs = Math.min(maxMs, firstMs * 2 ** this.#failures);
		this.#failures = Math.min(this.#failures + 1, 20);
		this.#retryTimer = setTimeout(() => this.#connect(), ceilingMs * (0.5 + Math.random() / 2));
	}

	#pump(): void {
		const client = this.#client;
		if (!client?.connected) return;
		for (const { number, message } of this.#outbox.take(this.#settings.window))
			client.publish(this.#topic, message, { qos: 1 }, (error) => {
				// An error means that the connection ended; its own events see to the rest.
				if (error || this.#client !== client) return;
				this.#outbox.acknowledge(number);
				if (this.#outbox.size === 0) this.#onEmpty?.();
				this.#pump();
			});
	}
}

function reason(error: Error): string {
	if (error.message !== '') return error.message;
	// A refused connection to a name with several addresses is an AggregateError without a message.
	return 'code' in error ? String(error.code) : error.name;
}

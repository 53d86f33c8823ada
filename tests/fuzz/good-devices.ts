import { setTimeout } from 'node:timers/promises';
import mqtt from 'mqtt';
import { telemetryTopic } from '#contract/device-topics.ts';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import type { Target } from '../attack/target.ts';

const pauseMs = 50;

/** A way in which a device says a reading and hears that it is stored. */
type Report = (
	reading: Readonly<Record<'boot' | 'at', string> & Record<'seq' | 'soc_pct', number>>,
) => Promise<void>;

interface GoodDevice {
	readonly way: string;
	readonly device: RegisteredDevice;
	readonly report: Report;
	acknowledged: number;
	slowestMs: number;
}

/** Devices that keep to every rule, one on each port, while others do not. */
export class GoodDevices {
	readonly #devices: readonly GoodDevice[];
	readonly #close: () => Promise<unknown>;
	#isStopping = false;
	#failure: unknown = null;
	readonly #running: Promise<unknown>;

	private constructor(devices: readonly GoodDevice[], close: () => Promise<unknown>) {
		this.#devices = devices;
		this.#close = close;
		this.#running = Promise.all(devices.map((device) => this.#run(device))).catch((error) => {
			this.#failure = error;
		});
	}

	/** @param devices as many as there are ways; of them nothing else is sent */
	static async start(
		target: Target,
		[overTcp, overWebSocket, overHttp, overOsmAnd]: readonly RegisteredDevice[],
	): Promise<GoodDevices> {
		if (!overTcp || !overWebSocket || !overHttp || !overOsmAnd)
			throw new Error('Each way needs a device.');
		const portal = target.url.origin;
		const [tcp, webSocket] = await Promise.all([
			connect(`mqtt://127.0.0.1:${target.mqttPort}`, overTcp),
			connect(`${portal.replace('http', 'ws')}/mqtt`, overWebSocket),
		]);
		const over = (way: string, device: RegisteredDevice, report: Report): GoodDevice => ({
			way,
			device,
			report,
			acknowledged: 0,
			slowestMs: 0,
		});
		return new GoodDevices(
			[
				over('MQTT', overTcp, publisher(tcp, overTcp)),
				over('MQTT over WebSocket', overWebSocket, publisher(webSocket, overWebSocket)),
				over(
					'HTTP',
					overHttp,
					poster(`${portal}/devices/v1/${overHttp.deviceId}/telemetry`, overHttp),
				),
				over('OsmAnd', overOsmAnd, tracker(`http://127.0.0.1:${target.osmandPort}`, overOsmAnd)),
			],
			() => Promise.all([tcp.endAsync(), webSocket.endAsync()]),
		);
	}

	/** How many readings of each were acknowledged so far. */
	get acknowledged(): number[] {
		return this.#devices.map(({ acknowledged }) => acknowledged);
	}

	/** The longest that one of them waited, in milliseconds. */
	get slowestMs(): number {
		return Math.max(...this.#devices.map(({ slowestMs }) => slowestMs));
	}

	/** Ends when each has been answered once more. @throws what one of them met */
	async stop(): Promise<readonly Readonly<GoodDevice>[]> {
		this.#isStopping = true;
		await this.#running;
		await this.#close();
		if (this.#failure !== null) throw this.#failure;
		return this.#devices;
	}

	async #run(good: GoodDevice): Promise<void> {
		for (let seq = 0; !this.#isStopping; seq++) {
			const sentAtMs = performance.now();
			await good.report({ boot: 'good', seq, at: new Date().toISOString(), soc_pct: seq % 100 });
			good.acknowledged++;
			good.slowestMs = Math.max(good.slowestMs, performance.now() - sentAtMs);
			await setTimeout(pauseMs);
		}
	}
}

function connect(url: string, { deviceId, key }: RegisteredDevice): Promise<mqtt.MqttClient> {
	return mqtt.connectAsync(url, { username: deviceId, password: key, reconnectPeriod: 0 });
}

function publisher(client: mqtt.MqttClient, { deviceId }: RegisteredDevice): Report {
	const topic = telemetryTopic(deviceId);
	return async (reading) => {
		await client.publishAsync(topic, JSON.stringify(reading), { qos: 1 });
	};
}

function poster(url: string, { key }: RegisteredDevice): Report {
	return async (reading) => {
		const body = JSON.stringify(reading);
		const headers = { authorization: `Bearer ${key}` };
		const { status } = await fetch(url, { method: 'POST', headers, body });
		if (status !== 202) throw new Error(`A good device over HTTP was answered ${status}.`);
	};
}

function tracker(url: string, { deviceId, key }: RegisteredDevice): Report {
	return async ({ seq, at }) => {
		const coords = { latitude: 12.97, longitude: 77.59, altitude: seq };
		const body = JSON.stringify({ device_id: deviceId, key, location: { timestamp: at, coords } });
		const headers = { 'content-type': 'application/json' };
		const { status } = await fetch(url, { method: 'POST', headers, body });
		if (status !== 200) throw new Error(`A good device over OsmAnd was answered ${status}.`);
	};
}

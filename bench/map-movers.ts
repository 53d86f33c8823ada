import { connectAsync, type MqttClient } from 'mqtt';
import type pg from 'pg';
import { telemetryTopic } from '#contract/device-topics.ts';
import type { RegisteredDevice } from '#modules/products/server/index.ts';

interface Mover {
	readonly client: MqttClient;
	readonly deviceId: string;
	readonly lat: number;
	readonly lon: number;
}

const connectsAtOnce = 50;
const stepDegrees = 0.002;
/** Reports are spread over each second in so many parts. */
const parts = 20;

/** A device and where it is. */
export interface PlacedDevice extends RegisteredDevice {
	readonly lat: number;
	readonly lon: number;
}

/** Where the devices are by their last word. */
export async function placeDevices(
	pool: pg.Pool,
	devices: readonly RegisteredDevice[],
): Promise<PlacedDevice[]> {
	const { rows } = await pool.query<{ device_no: number; lat: number; lon: number }>(
		'select device_no, lat, lon from device_state where device_no = any($1)',
		[devices.map(({ deviceNo }) => deviceNo)],
	);
	const places = new Map(rows.map(({ device_no, lat, lon }) => [device_no, { lat, lon }]));
	return devices.flatMap((device) => {
		const place = places.get(device.deviceNo);
		return place === undefined ? [] : [{ ...device, ...place }];
	});
}

/** Devices that drive: each reports another position every second, over MQTT. */
export class Movers {
	readonly #movers: readonly Mover[];
	#timer: NodeJS.Timeout | null = null;
	#tick = 0;

	private constructor(movers: readonly Mover[]) {
		this.#movers = movers;
	}

	static async connect(devices: readonly PlacedDevice[], port: number): Promise<Movers> {
		const movers: Mover[] = [];
		const waiting = [...devices];
		const connectSome = async (): Promise<void> => {
			for (let device = waiting.pop(); device !== undefined; device = waiting.pop()) {
				const { deviceId, key, lat, lon } = device;
				const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
					clientId: deviceId,
					username: deviceId,
					password: key,
					reconnectPeriod: 0,
				});
				movers.push({ client, deviceId, lat, lon });
			}
		};
		await Promise.all(Array.from({ length: connectsAtOnce }, connectSome));
		return new Movers(movers);
	}

	start(): void {
		this.#timer = setInterval(() => {
			const part = this.#tick % parts;
			const second = Math.floor(this.#tick / parts);
			const at = new Date().toISOString();
			for (let place = part; place < this.#movers.length; place += parts) {
				const { client, deviceId, lat, lon } = this.#movers[place]!;
				const reading = {
					at,
					lat: lat + stepDegrees * Math.sin(second / 5 + place),
					lon: lon + stepDegrees * Math.cos(second / 5 + place),
					speed_kmh: 30,
					ignition: true,
				};
				client.publish(telemetryTopic(deviceId), JSON.stringify(reading), { qos: 0 });
			}
			this.#tick += 1;
		}, 1_000 / parts);
	}

	async close(): Promise<void> {
		if (this.#timer !== null) clearInterval(this.#timer);
		await Promise.all(this.#movers.map(({ client }) => client.endAsync(true)));
	}
}

import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { z } from 'zod';
import { telemetryTopic } from '#contract/device-topics.ts';
import { showFleetDevice } from '#modules/fleet/contract.ts';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import { type Client, type Outcome, runClient, startClient } from './mosquitto.ts';

export type FleetRow = z.output<typeof showFleetDevice.reply>;

const patienceMs = 10_000;
const lookEveryMs = 50;

/** What the checks work with: the running product, seen from outside, and its database. */
export class World {
	readonly #port: number;
	readonly #url: string;
	readonly #cookie: string;
	readonly #pool: pg.Pool;
	readonly #unused: RegisteredDevice[];

	constructor(options: {
		readonly mqttPort: number;
		readonly url: string;
		readonly cookie: string;
		readonly pool: pg.Pool;
		readonly devices: readonly RegisteredDevice[];
	}) {
		this.#port = options.mqttPort;
		this.#url = options.url;
		this.#cookie = options.cookie;
		this.#pool = options.pool;
		this.#unused = [...options.devices];
	}

	/** A registered device that no other check uses. */
	device(): RegisteredDevice {
		const device = this.#unused.pop();
		if (device === undefined) throw new Error('no device is left; register more');
		return device;
	}

	/** Publishes with mosquitto_pub; quality 1 unless `args` say otherwise. */
	publish(
		device: RegisteredDevice,
		message: string,
		args: readonly string[] = [],
	): Promise<Outcome> {
		const all = ['-t', telemetryTopic(device.deviceId), '-m', message, '-q', '1', ...args];
		return runClient('mosquitto_pub', this.#port, [...credentials(device), ...all]);
	}

	/** Publishes without credentials. */
	publishAnonymously(topic: string, message: string): Promise<Outcome> {
		return runClient('mosquitto_pub', this.#port, ['-t', topic, '-m', message, '-q', '1']);
	}

	/** Runs mosquitto_sub to its end. */
	subscribe(device: RegisteredDevice, args: readonly string[]): Promise<Outcome> {
		return runClient('mosquitto_sub', this.#port, [...credentials(device), ...args]);
	}

	/** Starts mosquitto_pub, which publishes each line that it is given. */
	startPublisher(device: RegisteredDevice, args: readonly string[]): Client {
		const all = ['-t', telemetryTopic(device.deviceId), '-l', '-q', '1', ...args];
		return startClient('mosquitto_pub', this.#port, [...credentials(device), ...all]);
	}

	/** A device's row as the API shows it to a signed-in user. */
	async show(device: RegisteredDevice): Promise<FleetRow> {
		const path = showFleetDevice.path.replace(':deviceId', device.deviceId);
		const answer = await fetch(new URL(path, this.#url), { headers: { cookie: this.#cookie } });
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
		return showFleetDevice.reply.parse(await answer.json());
	}

	/** States of charge stored for a device, in the order of their times. */
	async storedSocPct(device: RegisteredDevice): Promise<(number | null)[]> {
		const { rows } = await this.#pool.query<{ soc_pct: number | null }>(
			'select soc_pct from readings where device_no = $1 order by at',
			[device.deviceNo],
		);
		return rows.map((row) => row.soc_pct);
	}

	/** Bodies of a device's parked messages. */
	async parkedBodies(device: RegisteredDevice): Promise<string[]> {
		const { rows } = await this.#pool.query<{ body: Buffer }>(
			'select body from parked_message where device_no = $1 order by parked_no',
			[device.deviceNo],
		);
		return rows.map((row) => row.body.toString());
	}

	/** Waits until something is so. */
	async until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
		const giveUpAtMs = performance.now() + patienceMs;
		while (!(await isSo())) {
			if (performance.now() > giveUpAtMs) throw new Error(`not within 10 s: ${what}`);
			await delay(lookEveryMs);
		}
	}
}

function credentials(device: { deviceId: string; key: string }): string[] {
	return ['-u', device.deviceId, '-P', device.key];
}

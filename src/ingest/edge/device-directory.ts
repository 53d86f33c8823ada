import { hash, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';

/** A device that proved who it is. */
export interface AuthenticatedDevice {
	readonly deviceNo: number;
	readonly deviceId: string;
}

interface Credential {
	readonly device_no: number;
	readonly device_id: string;
	readonly key_hash: Buffer | null;
	/** Of the key before, while it is still taken. */
	readonly old_key_hash: Buffer | null;
}

interface Waiting {
	readonly deviceId: string;
	resolve(credential: Credential | undefined): void;
	reject(error: unknown): void;
}

/** Look-ups that arrive within this time share one query: 20,000 devices reconnect with a few dozen. */
const gatherMs = 4;
const portion = 1_000;

/** Hash under which a device key is stored. Keys are 256 random bits, so a fast hash is enough. */
export function hashDeviceKey(key: string | Buffer): Buffer {
	return hash('sha256', key, 'buffer');
}

/** Checks device ids and keys against the registered devices. */
export class DeviceDirectory {
	readonly #pool: pg.Pool;
	#waiting: Waiting[] = [];

	constructor(pool: pg.Pool) {
		this.#pool = pool;
	}

	/** @returns the device, or null when the id is unknown or the key is wrong; throws when the database fails */
	async authenticate(deviceId: string, key: Buffer): Promise<AuthenticatedDevice | null> {
		const credential = await this.#find(deviceId);
		const given = hashDeviceKey(key);
		const isKey = matches(given, credential?.key_hash);
		const isOldKey = matches(given, credential?.old_key_hash);
		if (credential === undefined || !(isKey || isOldKey)) return null;
		return { deviceNo: credential.device_no, deviceId: credential.device_id };
	}

	#find(deviceId: string): Promise<Credential | undefined> {
		return new Promise((resolve, reject) => {
			if (this.#waiting.length === 0) setTimeout(() => this.#ask(), gatherMs);
			this.#waiting.push({ deviceId, resolve, reject });
		});
	}

	async #ask(): Promise<void> {
		const asked = this.#waiting.splice(0, portion);
		if (this.#waiting.length > 0) setTimeout(() => this.#ask(), 0);
		try {
			const { rows } = await this.#pool.query<Credential>(
				`select device_no, device_id, key_hash, old_key_hash from v_device_credential
				left join v_device_old_key using (device_no) where device_id = any($1)`,
				[asked.map(({ deviceId }) => deviceId)],
			);
			const found = new Map(rows.map((row) => [row.device_id, row]));
			for (const { deviceId, resolve } of asked) resolve(found.get(deviceId));
		} catch (error) {
			for (const { reject } of asked) reject(error);
		}
	}
}

/** Takes as long whether or not there is a key to compare with. */
function matches(given: Buffer, expected: Buffer | null | undefined): boolean {
	const isSame = timingSafeEqual(given, expected ?? Buffer.alloc(given.length));
	return isSame && expected !== null && expected !== undefined;
}

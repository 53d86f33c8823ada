import { hash, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';

/** A device that proved who it is. */
export interface AuthenticatedDevice {
	readonly deviceNo: number;
	readonly deviceId: string;
}

/** What came of a look-up: the device, or why not; the number is null where nobody knows the id. */
export type Recognition =
	| { readonly device: AuthenticatedDevice; readonly deviceNo: number }
	| { readonly device: null; readonly deviceNo: number | null };

interface Credential {
	readonly device_no: number;
	readonly device_id: string;
	readonly key_hash: Buffer | null;
	/** Of the key before, while it is still taken. */
	readonly old_key_hash: Buffer | null;
	/** Whether it may speak OsmAnd, which has no key. */
	readonly osmand_allowed: boolean;
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

	/** Recognises a device by id and key; throws when the database fails. */
	async authenticate(deviceId: string, key: Buffer): Promise<Recognition> {
		const credential = await this.#find(deviceId);
		const given = hashDeviceKey(key);
		const isKey = matches(given, credential?.key_hash);
		const isOldKey = matches(given, credential?.old_key_hash);
		return recognition(credential, isKey || isOldKey);
	}

	/** Recognises a device whose certificate was checked already. */
	async find(deviceId: string): Promise<Recognition> {
		return recognition(await this.#find(deviceId), true);
	}

	/** Recognises a device that gives its id and no key, if it may. */
	async findWithoutKey(deviceId: string): Promise<Recognition> {
		const credential = await this.#find(deviceId);
		return recognition(credential, credential?.osmand_allowed === true);
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
				`select c.device_no, c.device_id, c.key_hash, k.old_key_hash,
					o.device_no is not null as osmand_allowed
				from v_device_credential c
				left join v_device_old_key k using (device_no)
				left join v_device_osmand o using (device_no)
				where c.device_id = any($1)`,
				[asked.map(({ deviceId }) => deviceId)],
			);
			const found = new Map(rows.map((row) => [row.device_id, row]));
			for (const { deviceId, resolve } of asked) resolve(found.get(deviceId));
		} catch (error) {
			for (const { reject } of asked) reject(error);
		}
	}
}

function recognition(credential: Credential | undefined, isRight: boolean): Recognition {
	if (credential === undefined) return { device: null, deviceNo: null };
	const { device_no: deviceNo, device_id: deviceId } = credential;
	return isRight ? { device: { deviceNo, deviceId }, deviceNo } : { device: null, deviceNo };
}

/** Takes as long whether or not there is a key to compare with. */
function matches(given: Buffer, expected: Buffer | null | undefined): boolean {
	const isSame = timingSafeEqual(given, expected ?? Buffer.alloc(given.length));
	return isSame && expected !== null && expected !== undefined;
}

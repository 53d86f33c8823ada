import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type pg from 'pg';
import WebSocket from 'ws';
import type { Role } from '#contract/roles.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { type RegisteredDevice, registerDevices } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { createTestFolder, type TestFolder } from '../harness/folder.ts';
import { type RunningProduct, startProduct } from '../harness/product.ts';
import { until } from '../harness/until.ts';
import { DeviceWire } from './device-wire.ts';

/** Everybody's. */
export const password = 'a lantern by the quay';
const devicesPerOrganization = 12;
/** For what comes by itself, on a busy machine too. */
export const patienceMs = 30_000;

/** One of the two organizations of a target. Customers 0 and 1 belong to dealer 0, customers 2 and 3 to dealer 1. */
export interface TargetOrganization {
	readonly organizationNo: number;
	/** Host name that is its own. */
	readonly host: string;
	readonly dealerNos: readonly number[];
	readonly customerNos: readonly number[];
	/** Device `n` belongs to customer `n % 4`. */
	readonly devices: readonly RegisteredDevice[];
}

export interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

export interface TargetRequest {
	readonly method?: string;
	readonly host?: string;
	readonly cookie?: string;
	readonly headers?: Record<string, string>;
	/** Sent as it is. */
	readonly body?: string;
}

/** The product as a process of its own, with two organizations that must not know of each other. */
export class Target {
	readonly harbour: TargetOrganization;
	readonly island: TargetOrganization;
	readonly #database: TestDatabase;
	readonly #folder: TestFolder;
	readonly #product: RunningProduct;
	#marks = 0;

	private constructor(
		database: TestDatabase,
		folder: TestFolder,
		product: RunningProduct,
		[harbour, island]: readonly [TargetOrganization, TargetOrganization],
	) {
		this.#database = database;
		this.#folder = folder;
		this.#product = product;
		this.harbour = harbour;
		this.island = island;
	}

	/** @param prepare what else the database is to hold before the product starts */
	static async start(
		environment: Readonly<Record<string, string>> = {},
		prepare: (
			database: TestDatabase,
			harbour: TargetOrganization,
		) => Promise<void> = async () => {},
	): Promise<Target> {
		const database = await createTestDatabase();
		const folder = await createTestFolder();
		const harbour = await foundOrganization(database, 'harbour');
		const island = await foundOrganization(database, 'island');
		await prepare(database, harbour);
		const product = await startProduct({
			dataDir: folder.path,
			environment: { DATABASE_URL: database.url, ...environment },
		});
		return new Target(database, folder, product, [harbour, island]);
	}

	get url(): URL {
		return new URL(this.#product.url);
	}

	/** Where devices speak OsmAnd. */
	get osmAndUrl(): URL {
		return new URL(`http://127.0.0.1:${this.#product.osmandPort}`);
	}

	get mqttPort(): number {
		return this.#product.mqttPort;
	}

	get osmandPort(): number {
		return this.#product.osmandPort;
	}

	/** Whether the process has neither ended nor crashed. */
	get isRunning(): boolean {
		const { exitCode, signalCode } = this.#product.process;
		return exitCode === null && signalCode === null;
	}

	/** Everything of the product's output that has come so far, its log included. */
	said(): string {
		return this.#product.said();
	}

	/** Everything the product has written until now, what is still on its way included. */
	async saidUntilNow(): Promise<string> {
		// Lines come in the order in which they were written: behind this one nothing earlier is left.
		const mark = `/api/mark-${++this.#marks}`;
		await this.ask(mark);
		await until(() => {
			if (!this.said().includes(`"path":"${mark}"`)) throw new Error(`${mark} is not in the log.`);
		}, patienceMs);
		return this.said();
	}

	/** Log lines of level error and above that have come so far. */
	complaints(): string[] {
		return this.said().match(/^\{"level":[56]0.*$/gm) ?? [];
	}

	/** Those that it has written until now. */
	async complaintsUntilNow(): Promise<string[]> {
		await this.saidUntilNow();
		return this.complaints();
	}

	/** Makes somebody a member. @returns the e-mail */
	async newMember(
		organization: TargetOrganization,
		role: Role,
		narrowed: { dealerNo?: number; customerNos?: readonly number[] } = {},
		email = `${role}-${Math.random().toString(36).slice(2)}@example.org`,
	): Promise<string> {
		await createMember(this.#database.database, {
			organizationNo: organization.organizationNo,
			name: role,
			email,
			password,
			role,
			dealerNo: narrowed.dealerNo ?? null,
			customerNos: narrowed.customerNos ?? null,
		});
		return email;
	}

	/** Asks for exactly this path and host, as a browser's fetch cannot. */
	async ask(path: string, asked: TargetRequest = {}): Promise<Answer> {
		const { promise, resolve, reject } = Promise.withResolvers<Answer>();
		const request = httpRequest(
			{
				host: '127.0.0.1',
				port: this.url.port,
				// A connection of its own: the server ends some after what it was asked before.
				agent: false,
				path,
				method: asked.method ?? (asked.body === undefined ? 'GET' : 'POST'),
				headers: {
					...(asked.host !== undefined && { host: asked.host }),
					...(asked.cookie !== undefined && { cookie: asked.cookie }),
					...(asked.body !== undefined && {
						'content-type': 'application/json',
						'content-length': String(Buffer.byteLength(asked.body)),
					}),
					...asked.headers,
				},
			},
			(response) => {
				let text = '';
				response.setEncoding('utf8').on('data', (chunk: string) => {
					text += chunk;
				});
				response.on('end', () =>
					resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
				);
			},
		);
		request.on('error', reject);
		request.end(asked.body);
		return promise;
	}

	trySignIn(email: string, host: string, tried = password): Promise<Answer> {
		const body = JSON.stringify({ email, password: tried });
		return this.ask('/api/auth/sign-in/email', { body, host });
	}

	/** @returns the session's cookie as `name=value` */
	async signIn(email: string, host: string): Promise<string> {
		const answer = await this.trySignIn(email, host);
		const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
		if (answer.status !== 200 || cookie === undefined)
			throw new Error(`The sign-in of ${email} answered ${answer.status}: ${answer.text}`);
		return cookie;
	}

	/** The live connection as a page would open it; not yet open when it returns. */
	openLive(headers: Record<string, string>, path = '/api/live'): WebSocket {
		const live = new WebSocket(`ws://127.0.0.1:${this.url.port}${path}`, { headers });
		// A connection that is refused and given up complains, too.
		live.on('error', () => {});
		return live;
	}

	/** A connection to the broker that has sent nothing. */
	openWire(): Promise<DeviceWire> {
		return DeviceWire.open(this.#product.mqttPort);
	}

	/** A device that is connected and may publish. */
	async connect(device: RegisteredDevice): Promise<DeviceWire> {
		const wire = await this.openWire();
		await wire.signIn(device);
		return wire;
	}

	/** Asks the database itself, past the product. */
	async query<Row extends pg.QueryResultRow>(
		sql: string,
		parameters: readonly unknown[] = [],
	): Promise<Row[]> {
		return (await this.#database.pool.query<Row>(sql, [...parameters])).rows;
	}

	/** Readings of a device, and its parked messages. */
	async kept(device: RegisteredDevice): Promise<{ stored: number; parked: number }> {
		const [row] = await this.query<{ stored: number; parked: number }>(
			`select (select count(*) from readings where device_no = $1) as stored,
				(select count(*) from parked_message where device_no = $1) as parked`,
			[device.deviceNo],
		);
		return row ?? { stored: 0, parked: 0 };
	}

	/** Values of a metric, added up over its labels. */
	async metric(name: string): Promise<number> {
		const { text } = await this.ask('/metrics');
		return [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce(
			(sum, [, value]) => sum + Number(value),
			0,
		);
	}

	/** Resident memory of the product, in megabytes. */
	async residentMegabytes(): Promise<number> {
		const status = await readFile(`/proc/${this.#product.process.pid}/status`, 'utf8');
		return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
	}

	async close(): Promise<void> {
		await this.#product.end('SIGTERM');
		await this.#folder.remove();
		await this.#database.drop();
	}
}

async function foundOrganization(
	{ database }: TestDatabase,
	name: string,
): Promise<TargetOrganization> {
	const host = `${name}.test`;
	const organizationNo = await createOrganization(database, {
		name,
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts: [host],
	});
	const dealerNos: number[] = [];
	const customerNos: number[] = [];
	for (const place of [0, 1]) {
		const dealerNo = await createDealer(database, organizationNo, {
			name: `${name} dealer ${place}`,
			city: null,
		});
		dealerNos.push(dealerNo);
		for (const customer of [0, 1])
			customerNos.push(
				await createCustomer(database, organizationNo, {
					name: `${name} customer ${place * 2 + customer}`,
					dealerNo,
					email: null,
					mobile: null,
					address: null,
					city: null,
					pinCode: null,
				}),
			);
	}
	const devices = await registerDevices(
		database,
		organizationNo,
		Array.from({ length: devicesPerOrganization }, (_, place) => ({
			deviceId: `${name}-${place}`,
			telematicsId: null,
			name: null,
			simNo: null,
			family: 'ev' as const,
			transport: 'gsm' as const,
			vehicle: null,
			customerNo: customerNos[place % 4] ?? null,
			dealerNo: dealerNos[Math.floor((place % 4) / 2)] ?? null,
		})),
	);
	return { organizationNo, host, dealerNos, customerNos, devices };
}

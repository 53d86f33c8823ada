import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/database/embedded.ts';
import { createLog } from '#platform/log.ts';
import { type DatabaseLine, openDatabaseLine } from '../harness/database-line.ts';
import { createTestFolder, type TestFolder } from '../harness/folder.ts';
import { createInstallation, type Installation } from '../harness/installation.ts';
import { type RunningProduct, startProduct } from '../harness/product.ts';
import { signIn } from '../harness/sign-in.ts';
import { until } from '../harness/until.ts';
import { SmallFileSystem } from './small-file-system.ts';

const silent = createLog('silent');

/** What the log says of a database that is away, and of one that keeps the server waiting on a very busy machine. */
export const noAnswer = 'the database does not answer';

/** The log's levels as pino writes them. */
const errorLevel = 50;

export interface ProductUnderFaultOptions {
	readonly deviceIds: readonly string[];
	/** Whose PostgreSQL it is: the product's own, or one of the test, given to it as DATABASE_URL, directly or by a line. */
	readonly database: 'embedded' | 'given' | 'on a line';
	/** The given database, where it is none of this test's embedded ones; whoever gives it also stops it. */
	readonly databaseUrl?: string;
	/** Makes an empty database an installation with these devices; else as the product of today does. */
	readonly install?: (databaseUrl: string, deviceIds: readonly string[]) => Promise<Installation>;
	/** Keeps everything on a file system of its own with so much room. */
	readonly roomBytes?: number;
	/** Settings of the server besides the ones that the test's arrangement needs. */
	readonly environment?: Readonly<Record<string, string>>;
}

interface Surroundings {
	readonly folder: TestFolder;
	readonly room: SmallFileSystem | null;
	readonly installation: Installation;
	readonly url: string;
	readonly postgres: EmbeddedPostgres | null;
	readonly line: DatabaseLine | null;
}

/**
 * The product as a process of its own with a real, durable PostgreSQL, and what may befall both: each can be killed,
 * frozen, and started again on the same data.
 */
export class ProductUnderFault {
	readonly installation: Installation;
	readonly #folder: TestFolder;
	readonly #environment: Readonly<Record<string, string>>;
	#databaseUrl: string;
	readonly #isEmbedded: boolean;
	/** The test's own PostgreSQL while it runs; null with an embedded one. */
	#given: EmbeddedPostgres | null;
	/** Leads from the product to the given PostgreSQL. */
	readonly #line: DatabaseLine | null;
	/** What the data folder lies on, when it is a file system of its own. */
	readonly room: SmallFileSystem | null;
	#running: RunningProduct | null = null;
	#saidBefore = '';

	private constructor(
		options: ProductUnderFaultOptions,
		{ folder, room, installation, url, postgres, line }: Surroundings,
	) {
		this.#folder = folder;
		this.#environment = options.environment ?? {};
		this.room = room;
		this.installation = installation;
		this.#databaseUrl = url;
		this.#isEmbedded = options.database === 'embedded';
		this.#given = this.#isEmbedded ? null : postgres;
		this.#line = line;
	}

	/** Sets up an organization with devices and starts the product on it. */
	static async start(options: ProductUnderFaultOptions): Promise<ProductUnderFault> {
		const folder = await createTestFolder();
		const room =
			options.roomBytes === undefined
				? null
				: await SmallFileSystem.mount(folder.path, options.roomBytes);
		const postgres = options.databaseUrl === undefined ? await startPostgres(folder) : null;
		const url = options.databaseUrl ?? postgres?.url ?? '';
		const install = options.install ?? createInstallation;
		const installation = await install(url, options.deviceIds);
		if (options.database === 'embedded') await postgres?.stop();
		const line = options.database === 'on a line' ? await openDatabaseLine(url) : null;
		const product = new ProductUnderFault(options, {
			folder,
			room,
			installation,
			url,
			postgres,
			line,
		});
		await product.startServer();
		return product;
	}

	get url(): string {
		return this.#server.url;
	}

	/** Where devices connect; after a restart another one, and none in between. */
	get mqttPort(): number | null {
		return this.#running?.mqttPort ?? null;
	}

	device(deviceId: string): RegisteredDevice {
		const device = this.installation.devices.find((one) => one.deviceId === deviceId);
		if (device === undefined) throw new Error(`The device ${deviceId} is not registered.`);
		return device;
	}

	/** @returns the operator's session as `name=value` */
	signIn(): Promise<string> {
		return signIn(this.url, this.installation.email, this.installation.password);
	}

	async startServer(): Promise<void> {
		this.#running = await startProduct({
			dataDir: this.#folder.path,
			environment: {
				...this.#environment,
				...(!this.#isEmbedded && { DATABASE_URL: this.#line?.url ?? this.#databaseUrl }),
			},
		});
	}

	/** Ends the server by a signal. @returns its exit code, 128 + number for a signal */
	async endServer(signal: NodeJS.Signals): Promise<number> {
		const server = this.#server;
		this.#running = null;
		const code = await server.end(signal);
		// Killed, it may have been in the middle of a line.
		this.#saidBefore += `${server.said()}\n`;
		return code;
	}

	/** The answer of `/health`. */
	async health(): Promise<number> {
		return (await fetch(new URL('/health', this.url))).status;
	}

	async healthBecomes(status: number, timeout = 60_000): Promise<void> {
		await until(async () => {
			const answered = await this.health();
			if (answered !== status) throw new Error(`/health answers ${answered}, not ${status}`);
		}, timeout);
	}

	/** The value of a metric, 0 when it was never counted. @param name with its labels, as `/metrics` writes them */
	async metric(name: string): Promise<number> {
		const text = await (await fetch(new URL('/metrics', this.url))).text();
		const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
		return Number(line?.slice(name.length) ?? 0);
	}

	/** Resident memory of the server. */
	async residentBytes(): Promise<number> {
		const status = await readFile(`/proc/${this.#server.process.pid}/status`, 'utf8');
		return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
	}

	/** Asks the database itself, past the product. */
	async query<Row extends pg.QueryResultRow>(
		sql: string,
		parameters: readonly unknown[] = [],
	): Promise<Row[]> {
		await using session = await this.openSession();
		return (await session.client.query<Row>(sql, [...parameters])).rows;
	}

	/** A connection of the test's own to the database. */
	async openSession(): Promise<{ client: pg.Client } & AsyncDisposable> {
		const client = new pg.Client({ connectionString: this.#databaseUrl });
		client.on('error', () => {});
		await client.connect();
		return { client, [Symbol.asyncDispose]: () => client.end() };
	}

	/** PostgreSQL's main process. */
	async postmasterPid(): Promise<number> {
		const text = await readFile(join(this.#folder.path, 'postgres/postmaster.pid'), 'utf8');
		return Number(text.split('\n')[0]);
	}

	/** A process of PostgreSQL's that serves a lane. */
	async laneBackendPid(): Promise<number> {
		const [lane] = await this.query<{ pid: number }>(
			`select pid from pg_stat_activity where application_name = 'quarterdeck lane' limit 1`,
		);
		if (lane === undefined) throw new Error('No lane is connected to the database.');
		return lane.pid;
	}

	/**
	 * Lets every commit of the sessions there are hang half-way, written but not done: they wait for a standby that never
	 * comes. Sessions to come are not concerned.
	 */
	async letCommitsHang(): Promise<void> {
		await this.query('alter role all set synchronous_commit = local');
		await this.query(`alter system set synchronous_standby_names = 'nobody'`);
		await this.query('select pg_reload_conf()');
	}

	/** Lets those commits be done. */
	async letCommitsGoOn(): Promise<void> {
		await this.query('alter system reset synchronous_standby_names');
		await this.query('select pg_reload_conf()');
	}

	/** How many of the lanes' sessions, also of a server that is gone, wait like this (PostgreSQL's `wait_event_type`). */
	async lanesWaiting(waitType: 'IPC' | 'Lock'): Promise<number> {
		const lanes = await this.query(
			`select from pg_stat_activity
			where application_name = 'quarterdeck lane' and wait_event_type = $1`,
			[waitType],
		);
		return lanes.length;
	}

	/** Stops every process of PostgreSQL where it stands: it neither answers nor refuses. */
	async freezePostgres(): Promise<void> {
		const postmaster = await this.postmasterPid();
		// First the one that makes the others, so that none is left out.
		process.kill(postmaster, 'SIGSTOP');
		for (const pid of await childrenOf(postmaster)) process.kill(pid, 'SIGSTOP');
	}

	async thawPostgres(): Promise<void> {
		const postmaster = await this.postmasterPid();
		for (const pid of await childrenOf(postmaster)) process.kill(pid, 'SIGCONT');
		process.kill(postmaster, 'SIGCONT');
	}

	/** Stops the PostgreSQL that was given to the product. */
	async stopPostgres(): Promise<void> {
		await this.#given?.stop();
	}

	/** Starts it again, under the same address. */
	async restartPostgres(): Promise<void> {
		this.#given = await startPostgres(this.#folder);
	}

	/** From now on everything on the line to the database takes so long, each way. */
	slowDown(delayMs: number): void {
		this.#line?.slowDown(delayMs);
	}

	/** From its next start on the product is given this database. */
	useDatabase(url: string): void {
		this.#databaseUrl = url;
	}

	get databaseUrl(): string {
		return this.#databaseUrl;
	}

	get dataDir(): string {
		return this.#folder.path;
	}

	/** What the server, in its present life, has written. */
	said(): string {
		return this.#server.said();
	}

	/** How many files, sockets and pipes the server holds open. */
	async openDescriptors(): Promise<number> {
		return (await readdir(`/proc/${this.#server.process.pid}/fd`)).length;
	}

	/** Loses every connection to the database without a word to either side; new ones work. */
	loseConnections(): void {
		this.#line?.lose();
	}

	/** What the server has logged as errors, or written besides its log, over all its lives. */
	complaints(): string[] {
		const said = this.#running?.said() ?? '';
		// The last line may not be there in full.
		const whole = said.slice(0, said.lastIndexOf('\n') + 1);
		const lines = (this.#saidBefore + whole).split('\n');
		return lines.map(complaintOf).filter((complaint) => complaint !== null);
	}

	/** The same without those that a test, or a very busy machine, makes it say. */
	complaintsBesides(...expected: readonly string[]): string[] {
		return this.complaints().filter((complaint) => !expected.includes(complaint));
	}

	/** Ends everything, whatever state it is in. */
	async close(): Promise<void> {
		const postmaster = await this.postmasterPid().catch(() => null);
		if (postmaster !== null) await this.thawPostgres().catch(() => {});
		if (this.#running !== null) await this.endServer('SIGTERM');
		await this.#line?.close();
		await this.#given?.stop();
		const orphan = await this.postmasterPid().catch(() => null);
		if (orphan !== null) await (await startPostgres(this.#folder)).stop();
		await this.room?.unmount();
		await this.#folder.remove();
	}

	get #server(): RunningProduct {
		if (this.#running === null) throw new Error('The server does not run.');
		return this.#running;
	}
}

/** Starts PostgreSQL where the product keeps its own, or takes over the one that runs there. */
function startPostgres(folder: TestFolder): Promise<EmbeddedPostgres> {
	return startEmbeddedPostgres({ dir: join(folder.path, 'postgres'), log: silent });
}

async function childrenOf(parent: number): Promise<number[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const parents = await Promise.all(
		pids.map(async (pid) => {
			const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
			// The command in brackets may hold spaces.
			return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
		}),
	);
	return pids.map(Number).filter((_, index) => parents[index] === parent);
}

function complaintOf(line: string): string | null {
	if (!line.startsWith('{')) return /error|reject|warn|exception/i.test(line) ? line : null;
	// A line that its writer was killed in has no end.
	if (!line.endsWith('}')) return null;
	const { level, msg, err } = JSON.parse(line);
	if (level < errorLevel) return null;
	return level === errorLevel ? msg : `${msg}: ${err?.stack}`;
}

import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CopyBinaryWriter } from '#platform/database/copy-binary.ts';
import type { BatchResult } from '../batch.ts';
import type { Superseded } from '../chain/settle.ts';
import { type CommandResult, commandKey, type GivenCommand } from '../command-result.ts';
import { isReplayed, isUntimed, type Reading, readingKey, untimedKey } from '../reading.ts';
import type { Snapshot } from '../snapshot.ts';
import { boundParked, parkedBytesBetweenLooks, writeParked } from './parked.ts';
import { rehearsedBatch, rehearsedResult } from './rehearsal.ts';
import { readingColumns, stateColumns, writeReading, writeSnapshot } from './rows.ts';
import { readSnapshots } from './snapshots.ts';
import { findSuperseded } from './superseded.ts';

const copyReadingsSql = `copy readings (${readingColumns.join(', ')}) from stdin (format binary)`;
const copyStateSql = `copy lane_state (${stateColumns.join(', ')}) from stdin (format binary)`;
const prepareSql = `create temporary table lane_state (like device_state) on commit delete rows`;

/** Advisory lock (with the partition as second key) by which a lane's connection shows that the lane is its own. */
const laneLock = 7_203_414;

/**
 * Ends the lane's former connection, if the database still serves it, and waits until it has: its last commit is then
 * done or not. Else one that outlived its server, or its connection, could become visible after the new connection has
 * looked for repeats.
 */
function claimSql(partition: number): string {
	return `select pg_terminate_backend(pid) from pg_locks
		where locktype = 'advisory' and classid = ${laneLock} and objid = ${partition} and objsubid = 2 and granted
			and database = (select oid from pg_database where datname = current_database());
		select pg_advisory_lock(${laneLock}, ${partition})`;
}

/** No answer for this long means that none will come; where the database is only slow, the next try waits longer. */
const answerPatienceMs = 15_000;
const longestPatienceMs = 10 * 60_000;
/** A device repeats what was not acknowledged at once, or when it is back on the air. */
const repeatedWithin = '1 day';
/** A peer that vanished without a word is found out by TCP. */
const tcpKeepAliveAfterMs = 10_000;

const upsertStateSql = `insert into device_state (${stateColumns.join(', ')})
	select ${stateColumns.join(', ')} from lane_state
	on conflict (device_no) do update set ${stateColumns
		.slice(1)
		.map((column) => `${column} = excluded.${column}`)
		.join(', ')}`;

/**
 * A lane's own connection to the database: reads snapshots, looks up doubtful readings and commits a batch in one
 * transaction. After an error the connection is thrown away and made anew at the next use.
 */
export class LaneStore {
	readonly #databaseUrl: string;
	readonly #partition: number;
	readonly #firstPatienceMs: number;
	#patienceMs: number;
	readonly #readings = new CopyBinaryWriter();
	readonly #states = new CopyBinaryWriter();
	#client: pg.Client | null = null;
	#parkedBytes = 0;

	constructor(databaseUrl: string, partition: number, patienceMs = answerPatienceMs) {
		this.#databaseUrl = databaseUrl;
		this.#partition = partition;
		this.#firstPatienceMs = patienceMs;
		this.#patienceMs = patienceMs;
	}

	async readSnapshots(deviceNos: readonly number[]): Promise<Map<number, Snapshot>> {
		return this.#use((client) => readSnapshots(client, deviceNos));
	}

	/** Which of the doubtful readings are stored already: their keys, per device. */
	async findStored(doubtful: readonly Reading[]): Promise<Map<number, Set<string>>> {
		const stored = new Map<number, Set<string>>();
		if (doubtful.length === 0) return stored;
		const { rows } = await this.#use((client) =>
			client.query<{ place: number }>(
				`select p.place from unnest($1::int[], $2::timestamptz[], $3::bigint[]) with ordinality
					as p (device_no, at, ident, place)
				join readings r on r.device_no = p.device_no and r.at = p.at and r.ident = p.ident
				where r.at between $4 and $5
				union all
				select p.place from unnest($1::int[], $2::timestamptz[], $3::bigint[]) with ordinality
					as p (device_no, at, ident, place)
				join reading_archive a on a.device_no = p.device_no and a.day = (p.at at time zone 'UTC')::date
				where a.day between ($4::timestamptz at time zone 'UTC')::date and ($5::timestamptz at time zone 'UTC')::date
					and exists (
						select from unnest(a.at_ms, a.ident) as u (at_ms, ident)
						where u.ident = p.ident
							and a.day::timestamp at time zone 'UTC' + u.at_ms * interval '1 millisecond' = p.at
					)`,
				[
					doubtful.map((reading) => reading.message.deviceNo),
					doubtful.map((reading) => new Date(reading.atMs)),
					doubtful.map(identText),
					// Planned for the days in question only: for those of a year it takes fifteen times as long.
					...span(doubtful),
				],
			),
		);
		for (const { place } of rows) {
			const reading = doubtful[place - 1]!;
			const keys = stored.get(reading.message.deviceNo) ?? new Set();
			keys.add(readingKey(reading.atMs, reading.identHigh, reading.identLow));
			stored.set(reading.message.deviceNo, keys);
		}
		await this.#findUntimed(doubtful.filter(isReplayed).filter(isUntimed), stored);
		return stored;
	}

	/** A replay whose time is its receipt's may be the repetition of one that was received at another time. */
	async #findUntimed(
		doubtful: readonly Reading[],
		stored: Map<number, Set<string>>,
	): Promise<void> {
		if (doubtful.length === 0) return;
		const { rows } = await this.#use((client) =>
			client.query<{ place: number }>(
				`select distinct p.place from unnest($1::int[], $2::timestamptz[], $3::bigint[]) with ordinality
					as p (device_no, at, ident, place)
				join lateral readings_between(
					p.device_no, $5::timestamptz - $4::interval, $6::timestamptz + $4::interval
				) r on r.ident = p.ident and r.at between p.at - $4::interval and p.at + $4::interval`,
				[
					doubtful.map((reading) => reading.message.deviceNo),
					doubtful.map((reading) => new Date(reading.atMs)),
					doubtful.map(identText),
					repeatedWithin,
					...span(doubtful),
				],
			),
		);
		for (const { place } of rows) {
			const { message, identHigh, identLow } = doubtful[place - 1]!;
			const keys = stored.get(message.deviceNo) ?? new Set();
			stored.set(message.deviceNo, keys.add(untimedKey(identHigh, identLow)));
		}
	}

	/** Of replayed readings, what newer stored readings say, too. */
	async findSuperseded(replayed: readonly Reading[]): Promise<Map<Reading, Superseded>> {
		if (replayed.length === 0) return new Map();
		return this.#use((client) => findSuperseded(client, replayed));
	}

	/** Which of the answered commands were given to the devices that answer, and what they have answered before. */
	async findGiven(results: readonly CommandResult[]): Promise<Map<string, GivenCommand>> {
		if (results.length === 0) return new Map();
		const { rows } = await this.#use((client) =>
			client.query<{ device_no: number; command_id: string; name: string; statuses: string[] }>(
				'select device_no, command_id, name, statuses from v_given_command where command_id = any($1)',
				[results.map((result) => result.commandId)],
			),
		);
		return new Map(
			rows.map(({ device_no, command_id, name, statuses }) => [
				commandKey(device_no, command_id),
				{ name, answered: new Set(statuses) },
			]),
		);
	}

	/**
	 * Writes everything of a batch in one transaction; when it resolves, the batch is durable.
	 * @returns how many older parked messages made room for new ones
	 */
	commit(batch: BatchResult): Promise<number> {
		return this.#write(batch, 'commit');
	}

	/**
	 * Whether the database takes messages at all: everything that is done for one is done for none, and rolled back. So
	 * one that is refused again and again can be told from a database that refuses every one.
	 */
	async takesMessages(nowMs: number): Promise<boolean> {
		const batch = rehearsedBatch(nowMs);
		try {
			await this.readSnapshots(batch.snapshots.map(({ registration }) => registration.deviceNo));
			await this.findStored(batch.readings);
			await this.findGiven([rehearsedResult(nowMs)]);
			await this.#write(batch, 'rollback');
			return true;
		} catch {
			return false;
		}
	}

	async #write(batch: BatchResult, ending: 'commit' | 'rollback'): Promise<number> {
		this.#readings.reset();
		for (const reading of batch.readings) writeReading(this.#readings, reading);
		this.#states.reset();
		for (const snapshot of batch.snapshots) writeSnapshot(this.#states, snapshot);
		return this.#use(async (client) => {
			let crowdedOut = 0;
			await client.query('begin');
			if (batch.readings.length > 0) await copy(client, copyReadingsSql, this.#readings);
			await copy(client, copyStateSql, this.#states);
			await client.query(upsertStateSql);
			if (batch.facts.length > 0) await insertFacts(client, batch);
			if (batch.lateWindows.length > 0) await markLateWindows(client, batch);
			if (batch.parked.length + batch.unparked.length > 0)
				crowdedOut = (await writeParked(client, batch)) + (await this.#bound(client, batch));
			await client.query(ending);
			return crowdedOut;
		});
	}

	/** Looks now and then whether there are too many parked messages in all; upkeep does, too. */
	async #bound(client: pg.Client, { parked }: BatchResult): Promise<number> {
		for (const { message } of parked) this.#parkedBytes += message.body.length;
		if (this.#parkedBytes < parkedBytesBetweenLooks) return 0;
		this.#parkedBytes = 0;
		return boundParked(client);
	}

	/** Ends the connection; what waits for an answer on it fails. The next use connects anew. */
	disconnect(): void {
		this.#client?.end().catch(() => {});
		this.#client = null;
	}

	async #use<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
		const overdue = setTimeout(() => {
			// The same work would be given up at the same point for ever.
			this.#patienceMs = Math.min(this.#patienceMs * 2, longestPatienceMs);
			this.disconnect();
		}, this.#patienceMs);
		try {
			const result = await work(this.#client ?? (await this.#connect()));
			this.#patienceMs = this.#firstPatienceMs;
			return result;
		} catch (error) {
			this.disconnect();
			throw error;
		} finally {
			clearTimeout(overdue);
		}
	}

	async #connect(): Promise<pg.Client> {
		const client = new pg.Client({
			connectionString: this.#databaseUrl,
			application_name: 'quarterdeck lane',
			connectionTimeoutMillis: 5_000,
			keepAlive: true,
			keepAliveInitialDelayMillis: tcpKeepAliveAfterMs,
		});
		// A connection that breaks while idle is noticed by the next query.
		client.on('error', () => {});
		await client.connect();
		this.#client = client;
		await client.query(claimSql(this.#partition));
		await client.query(prepareSql);
		return client;
	}
}

async function copy(client: pg.Client, sql: string, writer: CopyBinaryWriter): Promise<void> {
	const stream = client.query(copyFrom(sql));
	const finished = once(stream, 'finish');
	stream.end(writer.finish());
	await finished;
}

/** The earliest and the latest time of readings. */
function span(readings: readonly Reading[]): [Date, Date] {
	let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const { atMs } of readings) {
		fromMs = Math.min(fromMs, atMs);
		toMs = Math.max(toMs, atMs);
	}
	return [new Date(fromMs), new Date(toMs)];
}

function identText(reading: Reading): string {
	return ((BigInt(reading.identHigh) << 32n) | BigInt(reading.identLow >>> 0)).toString();
}

async function insertFacts(client: pg.Client, { facts }: BatchResult): Promise<void> {
	await client.query(
		`insert into fact (device_no, organization_no, customer_no, kind, at, details)
		select * from unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::timestamptz[], $6::jsonb[])`,
		[
			facts.map((fact) => fact.device.deviceNo),
			facts.map((fact) => fact.device.organizationNo),
			facts.map((fact) => fact.device.customerNo),
			facts.map((fact) => fact.kind),
			facts.map((fact) => new Date(fact.atMs)),
			facts.map((fact) => JSON.stringify(fact.details)),
		],
	);
}

async function markLateWindows(client: pg.Client, { lateWindows }: BatchResult): Promise<void> {
	await client.query(
		`insert into late_window (device_no, from_at, to_at, marked_at)
		select device_no, from_at, to_at, now()
		from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as w (device_no, from_at, to_at)
		on conflict (device_no) do update set
			from_at = least(late_window.from_at, excluded.from_at),
			to_at = greatest(late_window.to_at, excluded.to_at),
			marked_at = excluded.marked_at`,
		[
			lateWindows.map((window) => window.deviceNo),
			lateWindows.map((window) => new Date(window.fromMs)),
			lateWindows.map((window) => new Date(window.toMs)),
		],
	);
}

import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { dayOf, ReadingsPartitions } from '#ingest/store/partitions.ts';
import { readingColumns, stateColumns } from '#ingest/store/rows.ts';
import { createPool } from '#platform/database/connect.ts';
import { migrate } from '#platform/database/migrate.ts';
import { migrationsFolder } from '../tests/harness/installation.ts';

const rowsPerBatch = 1_000;
const databaseName = 'bench_copy';

/** Signature, flags and header extension of the binary COPY format, and its end. */
const copyHeader = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const copyTrailer = Buffer.from([0xff, 0xff]);

interface Batch {
	readonly rows: number;
	readonly readings: Buffer;
	readonly states: Buffer;
}

/**
 * The bare work of the database: COPY of readings the product stored into an empty copy of its tables, and upsert of
 * their devices' state, 1,000 readings a transaction.
 */
export class BareCopy {
	readonly #url: string;
	readonly #pool: pg.Pool;
	readonly #readings: readonly Buffer[];
	readonly #stateOf: ReadonlyMap<number, Buffer>;

	private constructor(
		url: string,
		pool: pg.Pool,
		readings: readonly Buffer[],
		stateOf: ReadonlyMap<number, Buffer>,
	) {
		this.#url = url;
		this.#pool = pool;
		this.#readings = readings;
		this.#stateOf = stateOf;
	}

	/** Takes so many of the product's rows, in the order in which they arrived, and makes the empty tables. */
	static async create(productUrl: string, maxRows: number): Promise<BareCopy> {
		const source = new pg.Client({ connectionString: productUrl });
		await source.connect();
		const readings = await copyOut(
			source,
			`select ${readingColumns.join(', ')} from readings order by received_at, device_no limit ${maxRows}`,
		);
		const states = await copyOut(source, `select ${stateColumns.join(', ')} from device_state`);
		const { rows: days } = await source.query<{ at: Date }>(
			'select min(at) as at from readings union select max(at) from readings',
		);
		await source.query(`create database ${databaseName}`);
		await source.end();

		const url = productUrl.replace(/[^/]*$/, databaseName);
		const pool = createPool(url, 'bench', 2);
		await migrate(pool, migrationsFolder);
		await new ReadingsPartitions(pool).ensure(days.map(({ at }) => dayOf(at.getTime())));
		return new BareCopy(
			url,
			pool,
			readings,
			new Map(states.map((state) => [deviceNoIn(state), state])),
		);
	}

	/** @returns rows a second with so many connections, each with devices of its own */
	async measure(connections: number): Promise<number> {
		const lanes = Array.from({ length: connections }, (_, lane) =>
			this.#batches(this.#readings.filter((reading) => deviceNoIn(reading) % connections === lane)),
		);
		// As in the product's daily life, readings are new and states are there already.
		await this.#pool.query('truncate readings, device_state');
		await this.#fillStates();
		await this.#pool.query('checkpoint');
		const clients = await Promise.all(lanes.map(() => this.#connect()));
		const startedAtMs = performance.now();
		await Promise.all(
			clients.map(async (client, lane) => {
				for (const batch of lanes[lane] ?? []) await commit(client, batch);
			}),
		);
		const seconds = (performance.now() - startedAtMs) / 1_000;
		await Promise.all(clients.map((client) => client.end()));
		const { rows } = await this.#pool.query<{ count: number }>('select count(*) from readings');
		if (rows[0]?.count !== this.#readings.length)
			throw new Error(`${rows[0]?.count} of ${this.#readings.length} rows were copied`);
		return this.#readings.length / seconds;
	}

	async close(): Promise<void> {
		await this.#pool.end();
	}

	async #fillStates(): Promise<void> {
		const client = await this.#connect();
		const states = [...this.#stateOf.values()];
		await commit(client, { rows: 0, readings: copyData([]), states: copyData(states) });
		await client.end();
	}

	async #connect(): Promise<pg.Client> {
		const client = new pg.Client({ connectionString: this.#url });
		await client.connect();
		await client.query(
			'create temporary table new_state (like device_state) on commit delete rows',
		);
		return client;
	}

	#batches(readings: readonly Buffer[]): Batch[] {
		const batches: Batch[] = [];
		for (let start = 0; start < readings.length; start += rowsPerBatch) {
			const rows = readings.slice(start, start + rowsPerBatch);
			const states = [...new Set(rows.map(deviceNoIn))].flatMap(
				(deviceNo) => this.#stateOf.get(deviceNo) ?? [],
			);
			batches.push({ rows: rows.length, readings: copyData(rows), states: copyData(states) });
		}
		return batches;
	}
}

async function commit(client: pg.Client, batch: Batch): Promise<void> {
	await client.query('begin');
	await copyIn(client, 'readings', readingColumns, batch.readings);
	await copyIn(client, 'new_state', stateColumns, batch.states);
	await client.query(
		`insert into device_state (${stateColumns.join(', ')})
		select ${stateColumns.join(', ')} from new_state
		on conflict (device_no) do update set ${stateColumns
			.slice(1)
			.map((column) => `${column} = excluded.${column}`)
			.join(', ')}`,
	);
	await client.query('commit');
}

async function copyIn(
	client: pg.Client,
	table: string,
	columns: readonly string[],
	data: Buffer,
): Promise<void> {
	const stream = client.query(
		copyFrom(`copy ${table} (${columns.join(', ')}) from stdin (format binary)`),
	);
	const finished = once(stream, 'finish');
	stream.end(data);
	await finished;
}

async function copyOut(client: pg.Client, select: string): Promise<Buffer[]> {
	const bytes = await buffer(client.query(copyTo(`copy (${select}) to stdout (format binary)`)));
	return splitRows(bytes);
}

function copyData(rows: readonly Buffer[]): Buffer {
	return Buffer.concat([copyHeader, ...rows, copyTrailer]);
}

/** Rows of the binary format: a count of fields, then each field's length (-1: null) and bytes. */
function splitRows(bytes: Buffer): Buffer[] {
	const rows: Buffer[] = [];
	for (let start = copyHeader.length; ; ) {
		const fields = bytes.readInt16BE(start);
		if (fields < 0) return rows;
		let end = start + 2;
		for (let field = 0; field < fields; field += 1) end += 4 + Math.max(0, bytes.readInt32BE(end));
		rows.push(bytes.subarray(start, end));
		start = end;
	}
}

/** The first column of both tables. */
function deviceNoIn(row: Buffer): number {
	return row.readInt32BE(6);
}

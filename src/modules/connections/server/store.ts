import { sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import { inScope, periodsInScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { type Connection, keptConnections } from '../contract.ts';
import type { LoggedConnection } from './logged-connection.ts';
import type { Period } from './visible.ts';

/** Ended connections are kept for so many days. */
const retentionDays = 90;
/** What a device says of itself can be long. */
const maxClientIdLength = 128;
const maxWillTopicLength = 256;
export const maxWillBytes = 4 * 1024;

export interface StoredConnection extends Connection {
	readonly connectionNo: number;
}

/**
 * Writes connections, numbered on from each device's last, and takes away those for which there is no room.
 * @returns their numbers
 */
export async function insertConnections(
	database: Database,
	connections: readonly LoggedConnection[],
): Promise<number[]> {
	const column = <T>(value: (connection: LoggedConnection) => T) => connections.map(value);
	const opened = connections.map((connection) => connection.opened);
	return database.transaction().execute(async (transaction) => {
		const { rows } = await sql<{ device_no: number; connection_no: number }>`
			with fresh as (
				select f.*, row_number() over (partition by f.device_no order by f.place) as nth
				from unnest(
					${opened.map(({ deviceNo }) => deviceNo)}::int[],
					${opened.map(({ atMs }) => new Date(atMs))}::timestamptz[],
					${column(({ ended }) => (ended === null ? null : new Date(ended.atMs)))}::timestamptz[],
					${column(({ ended }) => ended?.reason ?? null)}::text[],
					${opened.map(({ transport }) => transport)}::text[],
					${opened.map(({ address }) => address)}::text[],
					${opened.map(({ clientId }) => storable(clientId, maxClientIdLength))}::text[],
					${opened.map(({ keepAliveSeconds }) => keepAliveSeconds)}::int[],
					${opened.map(({ isCleanSession }) => isCleanSession)}::boolean[],
					${opened.map(({ will }) => will && storable(will.topic, maxWillTopicLength))}::text[],
					${opened.map(({ will }) => will?.bytes.subarray(0, maxWillBytes))}::bytea[],
					${column(({ ended, messages }) => ended && messages)}::bigint[],
					${column(({ ended, bytes }) => ended && bytes)}::bigint[]
				) with ordinality as f (
					device_no, connected_at, ended_at, reason, transport, address, client_id, keep_alive_seconds,
					is_clean_session, will_topic, will_body, messages, bytes, place
				)
			), last as (
				select device_no, coalesce((
					select max(c.connection_no) from device_connection c where c.device_no = d.device_no
				), 0) as connection_no
				from (select distinct device_no from fresh) as d
			), numbered as (
				select f.*, l.connection_no + f.nth as connection_no from fresh f join last l using (device_no)
			), written as (
				insert into device_connection (
					device_no, connection_no, connected_at, ended_at, reason, transport, address, client_id,
					keep_alive_seconds, is_clean_session, will_topic, will_body, messages, bytes
				) select
					device_no, connection_no, connected_at, ended_at, reason, transport, address, client_id,
					keep_alive_seconds, is_clean_session, will_topic, will_body, messages, bytes
				from numbered
			)
			select device_no, connection_no from numbered order by place`.execute(transaction);
		await sql`
			delete from device_connection c
			using unnest(
				${rows.map((row) => row.device_no)}::int[],
				${rows.map((row) => row.connection_no - keptConnections)}::bigint[]
			) as gone (device_no, up_to)
			where c.device_no = gone.device_no and c.connection_no <= gone.up_to`.execute(transaction);
		return rows.map((row) => row.connection_no);
	});
}

/** Writes the ends of connections that were written while they were open. */
export async function writeEnds(
	database: Database,
	connections: readonly LoggedConnection[],
): Promise<void> {
	await sql`
		update device_connection c set
			ended_at = greatest(c.connected_at, e.ended_at), reason = e.reason, messages = e.messages, bytes = e.bytes
		from unnest(
			${connections.map(({ opened }) => opened.deviceNo)}::int[],
			${connections.map(({ storedNo }) => storedNo)}::bigint[],
			${connections.map(({ ended }) => new Date(ended?.atMs ?? 0))}::timestamptz[],
			${connections.map(({ ended }) => ended?.reason ?? null)}::text[],
			${connections.map(({ messages }) => messages)}::bigint[],
			${connections.map(({ bytes }) => bytes)}::bigint[]
		) as e (device_no, connection_no, ended_at, reason, messages, bytes)
		where c.device_no = e.device_no and c.connection_no = e.connection_no`.execute(database);
}

export async function noteAlive(database: Database, nowMs: number): Promise<void> {
	await sql`
		insert into connection_log_alive (alive_at) values (${new Date(nowMs)})
		on conflict (only_row) do update set alive_at = excluded.alive_at`.execute(database);
}

/** Ends what a server left open that was killed: about when it lived last. */
export async function endLeftOpen(database: Database): Promise<void> {
	await sql`
		update device_connection set
			reason = 'server_stopped',
			ended_at = greatest(connected_at, (select alive_at from connection_log_alive))
		where ended_at is null`.execute(database);
}

export async function dropOldConnections(database: Database, nowMs: number): Promise<void> {
	await database
		.deleteFrom('device_connection')
		.where('ended_at', '<', new Date(nowMs - retentionDays * 86_400_000))
		.execute();
}

/** A device as far as a reader may look at its connections. */
export interface ConnectedDevice {
	readonly deviceNo: number;
	/** Null: it never sent a reading. */
	readonly isClockWrong: boolean | null;
	/** When it was in the reader's scope, the oldest first. */
	readonly periods: readonly Period[];
}

/** A device in scope, or undefined. */
export async function readConnectedDevice(
	database: Database,
	scope: Scope,
	deviceId: string,
): Promise<ConnectedDevice | undefined> {
	return database
		.selectFrom('v_device as d')
		.leftJoin('device_state as s', 's.device_no', 'd.device_no')
		.where('d.device_id', '=', deviceId)
		.where('d.retired_at', 'is', null)
		.where(inScope(scope))
		.select([
			sql<number>`d.device_no`.as('deviceNo'),
			sql<boolean | null>`case when s.newest_at is not null then s.clock_wrong end`.as(
				'isClockWrong',
			),
			sql<Period[]>`(
				select coalesce(json_agg(json_build_object(
					'fromMs', ${epochMs(sql`lower(during)`)}, 'toMs', ${epochMs(sql`upper(during)`)}) order by during), '[]')
				from unnest(${periodsInScope(scope)}::tstzmultirange) as during
			)`.as('periods'),
		])
		.executeTakeFirst();
}

/** A device's connections, newest first. The caller has made sure that it is in scope. */
export async function readConnections(
	database: Database,
	deviceNo: number,
): Promise<StoredConnection[]> {
	const rows = await database
		.selectFrom('device_connection')
		.selectAll()
		.where('device_no', '=', deviceNo)
		.orderBy('connection_no', 'desc')
		.limit(keptConnections)
		.execute();
	return rows.map((row) => ({
		connectionNo: row.connection_no,
		connectedAtMs: row.connected_at.getTime(),
		endedAtMs: row.ended_at?.getTime() ?? null,
		reason: row.reason,
		transport: row.transport,
		address: row.address,
		clientId: row.client_id,
		keepAliveSeconds: row.keep_alive_seconds,
		isCleanSession: row.is_clean_session,
		will:
			row.will_topic === null
				? null
				: { topic: row.will_topic, body: row.will_body?.toString('base64') ?? '' },
		messages: row.messages,
		bytes: row.bytes,
	}));
}

/** PostgreSQL's text holds neither NUL nor half of a surrogate pair. */
function storable(text: string, maxLength: number): string {
	return text.replaceAll('\0', '').slice(0, maxLength).toWellFormed();
}

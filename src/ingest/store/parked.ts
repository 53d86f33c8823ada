import type pg from 'pg';
import type { BatchResult, Parked } from '../batch.ts';

/** Parked messages kept per device; the oldest go first, so that one device cannot fill the disk. */
export const parkedPerDevice = 100;
export const parkedBytesPerDevice = 4 * 1024 * 1024;
/** Parked messages kept in all. */
const parkedInAll = 100_000;
const parkedBytesInAll = 1024 * 1024 * 1024;
/** After so many bytes have been parked a lane looks whether there are too many in all. */
export const parkedBytesBetweenLooks = 16 * 1024 * 1024;

const maxDetailLength = 1_000;

/**
 * Writes what a batch parks and takes away what it replayed. A replay that failed keeps its place, with the new reason.
 * @returns how many older messages went because there is no room for them
 */
export async function writeParked(client: pg.Client, batch: BatchResult): Promise<number> {
	if (batch.unparked.length > 0)
		await client.query('delete from parked_message where parked_no = any($1)', [batch.unparked]);
	const again = batch.parked.filter(({ message }) => message.parkedNo !== undefined);
	if (again.length > 0) await noteFailedReplays(client, again);
	const fresh = batch.parked.filter(({ message }) => message.parkedNo === undefined);
	if (fresh.length === 0) return 0;
	await insertParked(client, fresh, batch);
	const deviceNos = [...new Set(fresh.map(({ message }) => message.deviceNo))];
	const { rowCount } = await client.query(
		`delete from parked_message where parked_no in (
			select parked_no from (
				select parked_no, row_number() over newest as place,
					sum(octet_length(body)) over newest as bytes
				from parked_message where device_no = any($1)
				window newest as (partition by device_no order by parked_no desc)) as ranked
			where place > $2 or (bytes > $3 and place > 1))`,
		[deviceNos, parkedPerDevice, parkedBytesPerDevice],
	);
	return rowCount ?? 0;
}

/** Takes away the oldest of all parked messages where there are too many. @returns how many */
export async function boundParked(client: pg.ClientBase | pg.Pool): Promise<number> {
	const { rowCount } = await client.query(
		`delete from parked_message where parked_no <= (
			select max(parked_no) from (
				select parked_no, row_number() over newest as place,
					sum(octet_length(body)) over newest as bytes
				from parked_message
				window newest as (order by parked_no desc)) as ranked
			where place > $1 or bytes > $2)`,
		[parkedInAll, parkedBytesInAll],
	);
	return rowCount ?? 0;
}

async function noteFailedReplays(client: pg.Client, parked: readonly Parked[]): Promise<void> {
	await client.query(
		`update parked_message p set
			reason = f.reason, detail = f.detail, replays = p.replays + 1, replayed_at = now()
		from unnest($1::bigint[], $2::text[], $3::text[]) as f (parked_no, reason, detail)
		where p.parked_no = f.parked_no`,
		[
			parked.map(({ message }) => message.parkedNo),
			parked.map(({ reason }) => reason),
			parked.map(storableDetail),
		],
	);
}

async function insertParked(
	client: pg.Client,
	parked: readonly Parked[],
	{ snapshots }: BatchResult,
): Promise<void> {
	const organizationOf = new Map(
		snapshots.map(({ registration }) => [registration.deviceNo, registration.organizationNo]),
	);
	await client.query(
		`insert into parked_message
			(device_no, organization_no, received_at, topic, command_id, body, reason, detail)
		select * from unnest($1::int[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::bytea[], $7::text[],
			$8::text[])`,
		[
			parked.map(({ message }) => message.deviceNo),
			parked.map(({ message }) => organizationOf.get(message.deviceNo)),
			parked.map(({ message }) => new Date(message.receivedAtMs)),
			parked.map(({ message }) => message.topic),
			parked.map(({ message: { content } }) =>
				content.kind === 'command_result' ? content.commandId : null,
			),
			parked.map(({ message }) => message.body),
			parked.map(({ reason }) => reason),
			parked.map(storableDetail),
		],
	);
}

function storableDetail({ detail }: Parked): string {
	return detail.replaceAll('\0', '').toWellFormed().slice(0, maxDetailLength);
}

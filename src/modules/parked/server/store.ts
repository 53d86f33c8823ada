import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import type { ParkedMessage } from '#ingest/replay.ts';
import { inScope, wasInScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import {
	type ParkedPage,
	type ParkedQuery,
	type ParkedRow,
	type Selection,
	shownBodyBytes,
} from '../contract.ts';

interface Match {
	readonly q: string;
	readonly reason?: string | undefined;
	readonly deviceId?: string | undefined;
}

/** Devices offered as a filter at once; more are found by typing. */
const offeredDevices = 50;

const orders = {
	received: sql`p.parked_no`,
	device: sql`d.device_id`,
	reason: sql`p.reason`,
	size: sql`octet_length(p.body)`,
} as const satisfies Record<ParkedQuery['sort'], RawBuilder<unknown>>;

/** Parked messages of devices in scope, from the time in which they were. */
function visible(database: Database, scope: Scope) {
	return database
		.selectFrom('parked_message as p')
		.innerJoin('v_device as d', 'd.device_no', 'p.device_no')
		.where('p.organization_no', '=', scope.organizationNo)
		.where(inScope(scope))
		.where(wasInScope(scope, 'd', sql.ref('p.received_at')));
}

function matches({ q, reason, deviceId }: Match): RawBuilder<SqlBool> {
	const conditions = [sql<SqlBool>`true`];
	if (reason !== undefined) conditions.push(sql<SqlBool>`p.reason = ${reason}`);
	if (deviceId !== undefined) conditions.push(sql<SqlBool>`d.device_id = ${deviceId}`);
	if (q !== '')
		conditions.push(
			sql<SqlBool>`concat_ws(e'\n', d.device_id, d.vin, p.topic, p.detail) ilike ${containing(q)}`,
		);
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

function isSelected(selection: Selection): RawBuilder<SqlBool> {
	return 'parkedNos' in selection
		? sql<SqlBool>`p.parked_no = any(${selection.parkedNos}::bigint[])`
		: sql<SqlBool>`(p.parked_no <= ${selection.newestNo} and ${matches(selection)})`;
}

const rowColumns = [
	'p.parked_no as parkedNo',
	sql<string>`d.device_id`.as('deviceId'),
	'd.vin',
	sql<boolean>`d.retired_at is not null`.as('isRetired'),
	'p.topic',
	'p.reason',
	'p.detail',
	sql<number>`octet_length(p.body)`.as('sizeBytes'),
	epochMs('p.received_at').as('receivedAtMs'),
	'p.replays',
	epochMs<number | null>('p.replayed_at').as('replayedAtMs'),
] as const;

/** One page of parked messages, and how many match. */
export async function readParkedPage(
	database: Database,
	scope: Scope,
	query: ParkedQuery,
): Promise<ParkedPage> {
	const matching = visible(database, scope).where(matches(query));
	const { total, newestNo } = await matching
		.select([
			sql<number>`count(*)`.as('total'),
			sql<number | null>`max(p.parked_no)`.as('newestNo'),
		])
		.executeTakeFirstOrThrow();
	const rows: ParkedRow[] = await matching
		.select(rowColumns)
		.orderBy(orders[query.sort], query.direction)
		.orderBy('p.parked_no', query.direction)
		.limit(query.pageSize)
		.offset((query.page - 1) * query.pageSize)
		.execute();
	return { rows, total, totalIsExact: true, newestNo };
}

/** One parked message with the beginning of its body. */
export function readParked(
	database: Database,
	scope: Scope,
	parkedNo: number,
): Promise<(ParkedRow & { body: Buffer }) | undefined> {
	return visible(database, scope)
		.where('p.parked_no', '=', parkedNo)
		.select([...rowColumns, sql<Buffer>`substring(p.body for ${shownBodyBytes})`.as('body')])
		.executeTakeFirst();
}

export async function readParkedBody(
	database: Database,
	scope: Scope,
	parkedNo: number,
): Promise<Buffer | undefined> {
	const row = await visible(database, scope)
		.where('p.parked_no', '=', parkedNo)
		.select('p.body')
		.executeTakeFirst();
	return row?.body;
}

export async function readParkedFilters(
	database: Database,
	scope: Scope,
	deviceText: string,
): Promise<{ reasons: string[]; deviceIds: string[] }> {
	const reasons = await visible(database, scope)
		.select('p.reason')
		.distinct()
		.orderBy('p.reason')
		.execute();
	const devices = await visible(database, scope)
		.select(sql<string>`d.device_id`.as('deviceId'))
		.distinct()
		.where(sql<boolean>`d.device_id ilike ${containing(deviceText)}`)
		.orderBy('deviceId')
		.limit(offeredDevices)
		.execute();
	return {
		reasons: reasons.map(({ reason }) => reason),
		deviceIds: devices.map(({ deviceId }) => deviceId),
	};
}

export async function countSelected(
	database: Database,
	scope: Scope,
	selection: Selection,
): Promise<number> {
	const { count } = await visible(database, scope)
		.where(isSelected(selection))
		.select(sql<number>`count(*)`.as('count'))
		.executeTakeFirstOrThrow();
	return count;
}

/** The next chosen messages after a number, as they came. */
export async function readSelected(
	database: Database,
	scope: Scope,
	selection: Selection,
	afterNo: number,
	limit: number,
): Promise<(ParkedMessage & { readonly replays: number })[]> {
	return visible(database, scope)
		.where(isSelected(selection))
		.where('p.parked_no', '>', afterNo)
		.select([
			'p.parked_no as parkedNo',
			'p.device_no as deviceNo',
			'p.topic',
			'p.command_id as commandId',
			'p.body',
			epochMs('p.received_at').as('receivedAtMs'),
			'p.replays',
		])
		.orderBy('p.parked_no')
		.limit(limit)
		.execute();
}

/** Which of these messages are parked still, and how often they were replayed in vain. */
export async function readReplays(
	database: Database,
	parkedNos: readonly number[],
): Promise<ReadonlyMap<number, number>> {
	const rows = await database
		.selectFrom('parked_message')
		.select(['parked_no', 'replays'])
		.where('parked_no', 'in', parkedNos)
		.execute();
	return new Map(rows.map((row) => [row.parked_no, row.replays]));
}

/** @returns how many there were */
export async function deleteSelected(
	transaction: Database,
	scope: Scope,
	selection: Selection,
): Promise<number> {
	const { numDeletedRows } = await transaction
		.deleteFrom('parked_message')
		.where(
			'parked_no',
			'in',
			visible(transaction, scope).where(isSelected(selection)).select('p.parked_no'),
		)
		.executeTakeFirstOrThrow();
	return Number(numDeletedRows);
}

/** What is parked of one device, as far as the reader may see it. */
export async function countParkedOf(
	database: Database,
	scope: Scope,
	deviceNo: number,
): Promise<{ count: number; bytes: number }> {
	return visible(database, scope)
		.where('p.device_no', '=', deviceNo)
		.select([
			sql<number>`count(*)`.as('count'),
			sql<number>`coalesce(sum(octet_length(p.body)), 0)::float8`.as('bytes'),
		])
		.executeTakeFirstOrThrow();
}

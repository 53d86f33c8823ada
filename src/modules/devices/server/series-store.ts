import { type RawBuilder, sql } from 'kysely';
import { fieldNames, readingFields } from '#contract/device-reading.ts';
import type { Database } from '#platform/database/connect.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { type SeriesReply, sensorNameOf } from '../contract.ts';
import { joinSlices, type SeriesSlice } from './gaps.ts';
import { isVisible, type VisibleDevice } from './visible-device.ts';

export interface SeriesQuery {
	readonly from: number;
	/** Excluded. */
	readonly to: number;
	/** Standard fields and sensors, as the endpoint names them. */
	readonly fields: readonly string[];
	readonly points: number;
}

/**
 * Fields of a device over time: every stored value while there are at most `2 * points` readings; else, for each of
 * fewer than `points` equal slices of time, the lowest and the highest value with their times, and the first and last
 * value of all. Nothing shorter than a slice is lost but what lies between those.
 */
export async function readSeries(
	database: Database,
	device: VisibleDevice,
	query: SeriesQuery,
): Promise<SeriesReply> {
	const { gapMs } = device;
	const isReduced = await hasMoreThan(2 * query.points, database, device, query);
	const read = isReduced ? readReduced : readAll;
	const series = await Promise.all(
		query.fields.map(async (field) =>
			joinSlices(field, await read(database, device, query, numberIn(field)), gapMs),
		),
	);
	return { series, isReduced, gapMs };
}

type Range = Pick<SeriesQuery, 'from' | 'to'>;

function readingsIn(device: VisibleDevice, { from, to }: Range): RawBuilder<unknown> {
	return sql`readings_between(${device.deviceNo}, ${new Date(from)}, ${new Date(to)}) r where ${isVisible(device, sql.ref('r.at'))}`;
}

async function hasMoreThan(
	limit: number,
	database: Database,
	device: VisibleDevice,
	range: Range,
): Promise<boolean> {
	const { rows } = await sql<{ hasMore: boolean }>`
		select count(*) > ${limit} as "hasMore"
		from (select from ${readingsIn(device, range)} limit ${limit + 1}) as counted
	`.execute(database);
	return rows[0]?.hasMore ?? false;
}

async function readAll(
	database: Database,
	device: VisibleDevice,
	range: Range,
	value: RawBuilder<unknown>,
): Promise<SeriesSlice[]> {
	const { rows } = await sql<{ atMs: number; value: number }>`
		select ${epochMs('at')} as "atMs", ${value} as value
		from ${readingsIn(device, range)} and ${value} is not null order by at
	`.execute(database);
	return rows.map((point) => ({ firstAtMs: point.atMs, lastAtMs: point.atMs, points: [point] }));
}

interface ReducedRow {
	readonly firstAtMs: number;
	readonly firstValue: number;
	readonly lastAtMs: number;
	readonly lastValue: number;
	readonly lowestAtMs: number;
	readonly lowest: number;
	readonly highestAtMs: number;
	readonly highest: number;
}

async function readReduced(
	database: Database,
	device: VisibleDevice,
	query: SeriesQuery,
	value: RawBuilder<unknown>,
): Promise<SeriesSlice[]> {
	// One slice fewer than points leaves room for the first and the last value.
	const sliceMs = Math.ceil((query.to - query.from) / (query.points - 1));
	// date_bin and plain aggregates, joined back for the times: with 600,000 readings several times as fast as
	// aggregates that carry the times along.
	const { rows } = await sql<ReducedRow>`
		with said as materialized (
			select at, ${value} as value,
				date_bin(${sliceMs}::float8 * interval '1 millisecond', at, ${new Date(query.from)}) as slice
			from ${readingsIn(device, query)} and ${value} is not null
		), extent as (
			select slice, min(at) as first_at, max(at) as last_at, min(value) as lowest, max(value) as highest
			from said group by slice
		)
		select
			${epochMs('first_at')} as "firstAtMs", min(value) filter (where at = first_at) as "firstValue",
			${epochMs('last_at')} as "lastAtMs", min(value) filter (where at = last_at) as "lastValue",
			${epochMs(sql`min(at) filter (where value = lowest)`)} as "lowestAtMs", lowest,
			${epochMs(sql`min(at) filter (where value = highest)`)} as "highestAtMs", highest
		from said join extent using (slice)
		group by slice, first_at, last_at, lowest, highest
		order by slice
	`.execute(database);
	return rows.map((row, index) => sliceOf(row, index === 0, index === rows.length - 1));
}

function sliceOf(row: ReducedRow, isFirst: boolean, isLast: boolean): SeriesSlice {
	const extremes = [
		{ atMs: row.lowestAtMs, value: row.lowest },
		{ atMs: row.highestAtMs, value: row.highest },
	].sort((a, b) => a.atMs - b.atMs);
	const points = [
		...(isFirst ? [{ atMs: row.firstAtMs, value: row.firstValue }] : []),
		...extremes,
		...(isLast ? [{ atMs: row.lastAtMs, value: row.lastValue }] : []),
	].filter(({ atMs, value }, index, all) => {
		const before = all[index - 1];
		return before?.atMs !== atMs || before.value !== value;
	});
	return { firstAtMs: row.firstAtMs, lastAtMs: row.lastAtMs, points };
}

/** A field's value as a number; null where the reading does not say it. */
function numberIn(field: string): RawBuilder<unknown> {
	const sensor = sensorNameOf(field);
	if (sensor !== null)
		return sql`case when jsonb_typeof(r.sensors -> ${sensor}) = 'number' then (r.sensors ->> ${sensor})::float8 end`;
	const name = fieldNames.find((known) => known === field);
	if (name === undefined) throw new Error(`There is no field ${field}.`);
	const column = sql.ref(`r.${name}`);
	// AT+CSQ (3GPP TS 27.007): 99 stands for "not known".
	if (name === 'signal') return sql`nullif(${column}, 99)::float8`;
	return readingFields[name].type === 'boolean'
		? sql`${column}::int::float8`
		: sql`${column}::float8`;
}

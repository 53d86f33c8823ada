import { type RawBuilder, sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { maxTrackPoints, type TrackReply } from '../contract.ts';
import { isVisible, type VisibleDevice } from './visible-device.ts';

interface TrackRow {
	readonly atMs: number;
	readonly lat: number | null;
	readonly lon: number | null;
	readonly speedKmh: number | null;
	readonly socPct: number | null;
}

interface DayFacts {
	readonly readings: number;
	readonly distanceKm: number | null;
	readonly first: Date | null;
	readonly last: Date | null;
}

/**
 * Where a device was on a day (`YYYY-MM-DD`) of an IANA time zone. Of more than `maxTrackPoints` readings, the first and
 * the fastest of each slice of time.
 */
export async function readTrack(
	database: Database,
	device: VisibleDevice,
	day: string,
	timeZone: string,
): Promise<TrackReply> {
	const { fromMs, toMs } = await dayIn(database, day, timeZone);
	const readings = sql`readings_between(${device.deviceNo}, ${new Date(fromMs)}, ${new Date(toMs)})
		where ${isVisible(device, sql.ref('at'))} and num_nonnulls(lat, speed_kmh, soc_pct) > 0`;
	const facts = await sql<DayFacts>`
		select count(*)::int as readings, max(odometer_km) - min(odometer_km) as "distanceKm",
			min(at) as first, max(at) as last
		from ${readings}
	`.execute(database);
	const { readings: count = 0, distanceKm = null, first = null, last = null } = facts.rows[0] ?? {};
	const isReduced = count > maxTrackPoints;
	const firstMs = first?.getTime() ?? fromMs;
	// Two readings of each slice; the last reading begins a slice of its own.
	const sliceMs = Math.ceil((2 * ((last?.getTime() ?? toMs) - firstMs)) / (maxTrackPoints - 2));
	const { rows } = await (isReduced ? reduced(readings, sliceMs, firstMs) : all(readings)).execute(
		database,
	);
	return {
		fromMs,
		toMs,
		track: {
			atMs: rows.map((row) => row.atMs),
			lat: rows.map((row) => row.lat),
			lon: rows.map((row) => row.lon),
			speedKmh: rows.map((row) => row.speedKmh),
			socPct: rows.map((row) => row.socPct),
		},
		readings: count,
		isReduced,
		distanceKm,
		// What the slices left out is no silence.
		gapMs: isReduced ? Math.max(device.gapMs, 2 * sliceMs) : device.gapMs,
	};
}

async function dayIn(
	database: Database,
	day: string,
	timeZone: string,
): Promise<{ readonly fromMs: number; readonly toMs: number }> {
	const { rows } = await sql<{ from: Date; to: Date }>`
		select ${day}::date::timestamp at time zone ${timeZone} as from,
			(${day}::date + 1)::timestamp at time zone ${timeZone} as to
	`.execute(database);
	const [bounds] = rows;
	if (bounds === undefined) throw new Error('The database has no calendar.');
	return { fromMs: bounds.from.getTime(), toMs: bounds.to.getTime() };
}

const columns = sql`${epochMs('at')} as "atMs", lat, lon,
	speed_kmh as "speedKmh", soc_pct as "socPct"`;

function all(readings: RawBuilder<unknown>): RawBuilder<TrackRow> {
	return sql`select ${columns} from ${readings} order by at`;
}

function reduced(
	readings: RawBuilder<unknown>,
	sliceMs: number,
	firstMs: number,
): RawBuilder<TrackRow> {
	return sql`
		with said as materialized (
			select at, ident, lat, lon, speed_kmh, soc_pct,
				date_bin(${sliceMs}::float8 * interval '1 millisecond', at, ${new Date(firstMs)}) as slice
			from ${readings}
		), chosen as (
			(select distinct on (slice) * from said order by slice, at, ident)
			union
			(select distinct on (slice) * from said order by slice, speed_kmh desc nulls last, at, ident)
		)
		select ${columns} from chosen order by at, ident
	`;
}

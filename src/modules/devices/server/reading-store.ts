import { type RawBuilder, sql } from 'kysely';
import { type FieldName, fieldNames, type SensorValue } from '#contract/device-reading.ts';
import type { Database } from '#platform/database/connect.ts';
import { isVisible, type VisibleDevice } from './visible-device.ts';

/** One stored reading. */
export interface StoredReading {
	readonly at: Date;
	readonly receivedAt: Date;
	/** With its time, what tells it from the device's other readings. */
	readonly ident: string;
	/** Microseconds of its time, which a Date cuts off. */
	readonly atText: string;
	readonly values: Partial<Record<FieldName, SensorValue>>;
	readonly sensors: Readonly<Record<string, SensorValue>>;
}

/** A place among a device's readings: after the reading of this time and ident. */
export interface ReadingPlace {
	readonly atText: string;
	readonly ident: string;
}

export interface ReadingRange {
	readonly fromMs: number;
	/** Excluded. */
	readonly toMs: number;
	readonly after: ReadingPlace | null;
	readonly limit: number;
}

/** Readings of a device as far as the reader may see them, oldest first, and whether more follow. */
export async function readReadings(
	database: Database,
	device: VisibleDevice,
	{ fromMs, toMs, after, limit }: ReadingRange,
): Promise<{ readonly readings: StoredReading[]; readonly hasMore: boolean }> {
	const from = after === null ? sql`${new Date(fromMs)}` : sql`${after.atText}::timestamptz`;
	const follows: RawBuilder<unknown> =
		after === null
			? sql`true`
			: sql`(r.at, r.ident) > (${after.atText}::timestamptz, ${after.ident}::bigint)`;
	const { rows } = await sql<Row>`
		select r.at, r.received_at, r.ident::text as ident_text,
			to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at_text,
			r.sensors, ${sql.join(fieldNames.map((name) => sql.ref(`r.${name}`)))}
		from readings_between(${device.deviceNo}, ${from}, ${new Date(toMs)}) r
		where ${isVisible(device, sql.ref('r.at'))} and ${follows}
		order by r.at, r.ident limit ${limit + 1}`.execute(database);
	return { readings: rows.slice(0, limit).map(readingOf), hasMore: rows.length > limit };
}

interface Row extends Partial<Record<FieldName, SensorValue | null>> {
	readonly at: Date;
	readonly received_at: Date;
	readonly ident_text: string;
	readonly at_text: string;
	readonly sensors: Readonly<Record<string, SensorValue>> | null;
}

function readingOf(row: Row): StoredReading {
	const values: Partial<Record<FieldName, SensorValue>> = {};
	for (const name of fieldNames) {
		const value = row[name] ?? null;
		if (value !== null) values[name] = value;
	}
	return {
		at: row.at,
		receivedAt: row.received_at,
		ident: row.ident_text,
		atText: row.at_text,
		values,
		sensors: row.sensors ?? {},
	};
}

import type pg from 'pg';
import { maxSensorNameLength } from '#contract/device-reading.ts';
import type { Superseded } from '../chain/settle.ts';
import { fieldByName } from '../fields.ts';
import type { Reading } from '../reading.ts';

/**
 * Which values of replayed readings newer stored readings have, too. Asked before the readings are decoded, by the names
 * that stand in them.
 */
export async function findSuperseded(
	client: pg.Client,
	replayed: readonly Reading[],
): Promise<Map<Reading, Superseded>> {
	if (replayed.length === 0) return new Map();
	const namesOf = replayed.map(({ wire }) => Object.keys(wire));
	const columns = [...new Set(namesOf.flat())].filter((name) => fieldByName.has(name));
	// One beginning for all is known when the query is planned, so that it looks at the days in question only.
	const newer = `from readings_between(p.device_no, $5, 'infinity') r
		where (r.at, r.received_at) > (p.at, p.received_at)`;
	const { rows } = await client.query<{
		place: number;
		is_past: boolean;
		fields: string[];
		sensors: string[];
	}>(
		`select p.place,
			exists (select ${newer}) as is_past,
			array_remove(array[${columns.map((name) => saidLater(name, newer)).join(', ')}]::text[], null) as fields,
			array(
				select name from jsonb_array_elements_text(p.sensors) as name
				where exists (select ${newer} and r.sensors ? name)
			) as sensors
		from unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::jsonb[]) with ordinality
			as p (device_no, at, received_at, sensors, place)`,
		[
			replayed.map(({ message }) => message.deviceNo),
			replayed.map(({ atMs }) => new Date(atMs)),
			replayed.map(({ message }) => new Date(message.receivedAtMs)),
			namesOf.map((names) => JSON.stringify(names.filter(isSensorName))),
			new Date(replayed.reduce((earliest, { atMs }) => Math.min(earliest, atMs), Infinity)),
		],
	);
	return new Map(
		rows.map(({ place, is_past: isPast, fields, sensors }) => [
			replayed[place - 1]!,
			{ isPast, names: new Set([...fields, ...sensors]) },
		]),
	);
}

/** SQL for the name of a standard value, where a newer reading has it. */
function saidLater(name: string, newer: string): string {
	return `case when exists (select ${newer} and r.${name} is not null) then '${name}' end`;
}

function isSensorName(name: string): boolean {
	return (
		!fieldByName.has(name) &&
		name.length <= maxSensorNameLength &&
		name.isWellFormed() &&
		!name.includes('\0')
	);
}

import { fieldGroups } from '#contract/device-reading.ts';
import type { CopyBinaryWriter } from '#platform/database/copy-binary.ts';
import { type FieldValues, fields } from '../fields.ts';
import type { Reading } from '../reading.ts';
import type { Snapshot } from '../snapshot.ts';

const fieldColumns = fields.map(({ name }) => name);

/** Columns of `readings` in the order in which {@link writeReading} writes them. */
export const readingColumns = [
	'device_no',
	'at',
	'ident',
	'received_at',
	...fieldColumns,
	'sensors',
];

/** Columns of `device_state` in the order in which {@link writeSnapshot} writes them. */
export const stateColumns = [
	'device_no',
	'revision',
	'last_heard_at',
	'newest_at',
	'clock_wrong',
	...fieldGroups.map((group) => `${group}_at`),
	...fieldColumns,
	'sensors',
	'boots',
	'memory',
];

export function writeReading(writer: CopyBinaryWriter, reading: Reading): void {
	writer.row(readingColumns.length);
	writer.integer(reading.message.deviceNo);
	writer.timestamptz(reading.atMs);
	writer.bigintParts(reading.identHigh, reading.identLow);
	writer.timestamptz(reading.message.receivedAtMs);
	writeValues(writer, reading.values);
	writeJson(writer, reading.sensors);
}

export function writeSnapshot(writer: CopyBinaryWriter, snapshot: Snapshot): void {
	writer.row(stateColumns.length);
	writer.integer(snapshot.registration.deviceNo);
	writer.bigint(snapshot.revision);
	writeInstant(writer, snapshot.lastHeardAtMs);
	writeInstant(writer, snapshot.newestAtMs);
	writer.boolean(snapshot.clockWrong);
	for (const atMs of snapshot.groupAtMs) writeInstant(writer, atMs);
	writeValues(writer, snapshot.values);
	writeJson(writer, snapshot.sensors);
	writeBoots(writer, snapshot);
	writeJson(writer, Object.keys(snapshot.memory).length === 0 ? null : snapshot.memory);
}

function writeValues(writer: CopyBinaryWriter, values: FieldValues): void {
	for (const { place, field } of fields) {
		const value = values[place]!;
		if (value === null) writer.null();
		else if (typeof value === 'string') writer.text(value);
		else if (typeof value === 'boolean') writer.boolean(value);
		else if (field.column === 'real') writer.real(value);
		else if (field.column === 'double') writer.double(value);
		else writer.smallint(value);
	}
}

function writeBoots(writer: CopyBinaryWriter, snapshot: Snapshot): void {
	if (snapshot.boots.length === 0) {
		writer.null();
		return;
	}
	let json = '';
	for (const boot of snapshot.boots)
		json += `${json === '' ? '' : ','}[${JSON.stringify(boot.name)},${boot.highestSequence}]`;
	writer.jsonb(`[${json}]`);
}

function writeInstant(writer: CopyBinaryWriter, atMs: number): void {
	if (atMs === Number.NEGATIVE_INFINITY) writer.null();
	else writer.timestamptz(atMs);
}

function writeJson(writer: CopyBinaryWriter, value: object | null): void {
	if (value === null) writer.null();
	else writer.jsonb(JSON.stringify(value));
}

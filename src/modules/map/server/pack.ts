import {
	createChanges,
	createSnapshot,
	goneStatus,
	statusByte,
	writeRecord,
} from '#contract/position-record.ts';
import { statuses } from '#contract/status.ts';
import type { FleetColumns } from '#live/fleet-columns.ts';
import { isMeant, type MapQuestion } from './map-question.ts';

let meant = new Uint32Array(1_024);

/** Packs the devices that are meant, with or without a position. */
export function packSnapshot(
	columns: FleetColumns,
	highestNo: number,
	locationNos: Int32Array,
	question: MapQuestion,
	asOfMs: number,
): ArrayBuffer {
	if (meant.length <= highestNo) meant = new Uint32Array(highestNo + 1_024);
	const isAsked = isMeant(columns, locationNos, question);
	let count = 0;
	for (let deviceNo = 1; deviceNo <= highestNo; deviceNo++)
		if (columns.status[deviceNo]! < statuses.length && isAsked(deviceNo)) meant[count++] = deviceNo;
	const { words, bytes, deviceNos } = createSnapshot(count, asOfMs);
	deviceNos.set(meant.subarray(0, count));
	for (let place = 0; place < count; place++)
		writeDevice(words, bytes, place * 3, columns, meant[place]!);
	return words.buffer;
}

/**
 * Packs what changed.
 * @param goneNos devices that a reader no longer sees
 */
export function packChanges(
	columns: FleetColumns,
	changedNos: readonly number[],
	goneNos: readonly number[],
	asOfMs: number,
): Uint8Array<ArrayBuffer> {
	const { words, bytes } = createChanges(changedNos.length + goneNos.length, asOfMs);
	let word = 0;
	for (const deviceNo of changedNos) {
		words[word] = deviceNo;
		writeDevice(words, bytes, word + 1, columns, deviceNo);
		word += 4;
	}
	for (const deviceNo of goneNos) {
		words[word] = deviceNo;
		bytes[(word + 1) * 4 + statusByte] = goneStatus;
		word += 4;
	}
	return new Uint8Array(words.buffer);
}

function writeDevice(
	words: Uint32Array,
	bytes: Uint8Array,
	word: number,
	columns: FleetColumns,
	deviceNo: number,
): void {
	writeRecord(words, bytes, word, {
		mercatorX: columns.mercatorX[deviceNo]!,
		mercatorY: columns.mercatorY[deviceNo]!,
		status: columns.status[deviceNo]!,
		heading: columns.heading[deviceNo]!,
		socPct: columns.socPct[deviceNo]!,
		speedKmh: columns.speedKmh[deviceNo]!,
	});
}

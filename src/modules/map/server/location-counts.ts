import { statuses } from '#contract/status.ts';
import type { LocationCount } from './fleet-locations.ts';

/** A location's number, then its devices of each status. */
const width = 1 + statuses.length;

/** Counts as one block, since to hand thousands of small ones from thread to thread takes longer than to count. */
export function packCounts(counts: readonly LocationCount[]): Int32Array<ArrayBuffer> {
	const packed = new Int32Array(counts.length * width);
	for (const [place, { locationNo, counts: ofStatus }] of counts.entries()) {
		packed[place * width] = locationNo;
		packed.set(ofStatus, place * width + 1);
	}
	return packed;
}

/** The opposite of {@link packCounts}. */
export function unpackCounts(packed: Int32Array): LocationCount[] {
	return Array.from({ length: packed.length / width }, (_, place) => {
		const start = place * width;
		return { locationNo: packed[start]!, counts: packed.subarray(start + 1, start + width) };
	});
}

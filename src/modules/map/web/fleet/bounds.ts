import { mercatorSteps } from '#contract/mercator.ts';
import { goneStatus, recordBytes, statusByte } from '#contract/position-record.ts';

/** A box in the map's steps; `west` + `width` may lie beyond the antimeridian. */
export interface Bounds {
	readonly west: number;
	readonly width: number;
	readonly north: number;
	readonly height: number;
}

const slices = 256;
const sliceShift = 24;

/** The smallest box around every position: the widest empty stretch of the world is left out, wherever that is. */
export function boundsOf(words: Uint32Array, bytes: Uint8Array, count: number): Bounds | null {
	const isTaken = new Uint8Array(slices);
	eachPosition(words, bytes, count, (x) => {
		isTaken[x >>> sliceShift] = 1;
	});
	const firstSlice = sliceAfterWidestGap(isTaken);
	if (firstSlice === null) return null;

	const origin = firstSlice * 2 ** sliceShift;
	let west = mercatorSteps;
	let east = 0;
	let north = mercatorSteps;
	let south = 0;
	eachPosition(words, bytes, count, (x, y) => {
		const fromOrigin = (x - origin + mercatorSteps) % mercatorSteps;
		west = Math.min(west, fromOrigin);
		east = Math.max(east, fromOrigin);
		north = Math.min(north, y);
		south = Math.max(south, y);
	});
	return {
		west: (origin + west) % mercatorSteps,
		width: east - west,
		north,
		height: south - north,
	};
}

function eachPosition(
	words: Uint32Array,
	bytes: Uint8Array,
	count: number,
	visit: (x: number, y: number) => void,
): void {
	for (let place = 0; place < count; place++) {
		const x = words[place * 3]!;
		const y = words[place * 3 + 1]!;
		if ((x !== 0 || y !== 0) && bytes[place * recordBytes + statusByte] !== goneStatus) visit(x, y);
	}
}

/** Null when nothing is taken at all. */
function sliceAfterWidestGap(isTaken: Uint8Array): number | null {
	const first = isTaken.indexOf(1);
	if (first < 0) return null;
	let widest = -1;
	let after = first;
	let gap = 0;
	for (let step = 1; step <= slices; step++) {
		const slice = (first + step) % slices;
		if (isTaken[slice] === 0) gap++;
		else {
			if (gap > widest) {
				widest = gap;
				after = slice;
			}
			gap = 0;
		}
	}
	return after;
}

import type { Place } from '../../contract.ts';
import type { GazetteerData } from './gazetteer-data.ts';
import { foldedName } from './place-names.ts';

const mostFound = 20;
/** Fewer letters find too much. */
const fewestLetters = 2;
const degree = 1e5;
const lineFeed = 0x0a;

/**
 * Places whose name a text is, begins, or is part of: in this order, in each the largest first. Capital letters and
 * accents make no difference.
 * @param country ISO 3166-1 alpha-2; null for all
 */
export function searchGazetteer(data: GazetteerData, q: string, country: string | null): Place[] {
	const text = foldedName(q);
	if (text.length < fewestLetters) return [];
	const range = rangeOf(data, country);
	if (range === null) return [];
	const found = new Set<number>();
	for (const pattern of [`\n${text}\n`, `\n${text}`, ` ${text}`, text]) {
		const rows = [...rowsWith(data, pattern, range)].sort(
			(one, other) => data.populations[other]! - data.populations[one]! || one - other,
		);
		for (const row of rows) {
			if (found.size === mostFound) break;
			found.add(row);
		}
		if (found.size === mostFound) break;
	}
	return [...found].map((row) => placeAt(data, row));
}

interface Rows {
	readonly from: number;
	readonly to: number;
}

function rangeOf({ countries, populations }: GazetteerData, country: string | null): Rows | null {
	if (country === null) return { from: 0, to: populations.length };
	return countries.find((each) => each.country === country) ?? null;
}

/** Rows of which the folded name, with the line feeds around it, has a pattern. */
function* rowsWith(
	{ folded, foldedStarts }: GazetteerData,
	pattern: string,
	{ from, to }: Rows,
): Generator<number> {
	const text = Buffer.from(folded.buffer, folded.byteOffset, folded.byteLength);
	const wanted = Buffer.from(pattern);
	const end = foldedStarts[to]!;
	let row = from;
	let at = foldedStarts[from]! - 1;
	while (row < to) {
		at = text.indexOf(wanted, at);
		if (at < 0 || at >= end - 1) return;
		// A pattern that begins with the line feed stands a byte before its row.
		const inRow = wanted[0] === lineFeed ? at + 1 : at;
		row = rowAt(foldedStarts, inRow, row, to);
		yield row;
		at = foldedStarts[++row]! - 1;
	}
}

/** The row in which a byte stands. */
function rowAt(starts: Uint32Array, at: number, from: number, to: number): number {
	let [low, high] = [from, to];
	while (high - low > 1) {
		const middle = (low + high) >>> 1;
		if (starts[middle]! <= at) low = middle;
		else high = middle;
	}
	return low;
}

const decoder = new TextDecoder();

function placeAt(data: GazetteerData, row: number): Place {
	const { names, nameStarts, positions, populations, countries } = data;
	return {
		name: decoder.decode(names.subarray(nameStarts[row]!, nameStarts[row + 1]! - 1)),
		country: countries.find(({ from, to }) => row >= from && row < to)?.country ?? '',
		lat: positions[2 * row]! / degree,
		lon: positions[2 * row + 1]! / degree,
		population: populations[row]!,
	};
}

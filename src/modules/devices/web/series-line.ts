/** A field over time; a null in `values` is a gap. */
export interface Line {
	readonly atMs: readonly number[];
	readonly values: readonly (number | null)[];
}

/** The known values of a column in the order of time, with a gap wherever nothing was said for longer than `gapMs`. */
export function lineOf(column: Line, gapMs: number): Line {
	const atMs: number[] = [];
	const values: (number | null)[] = [];
	let lastAtMs = Number.POSITIVE_INFINITY;
	column.values.forEach((value, index) => {
		const at = column.atMs[index];
		if (value === null || at === undefined) return;
		if (at - lastAtMs > gapMs) {
			atMs.push(lastAtMs + 1);
			values.push(null);
		}
		atMs.push(at);
		values.push(value);
		lastAtMs = at;
	});
	return { atMs, values };
}

/** The line with a newer value at its end; the same object when the value is not newer. */
export function extendLine<L extends Line>(line: L, atMs: number, value: number, gapMs: number): L {
	const lastAtMs = line.atMs.at(-1) ?? Number.NEGATIVE_INFINITY;
	if (atMs <= lastAtMs) return line;
	const isGap = line.atMs.length > 0 && atMs - lastAtMs > gapMs;
	return {
		...line,
		atMs: [...line.atMs, ...(isGap ? [lastAtMs + 1] : []), atMs],
		values: [...line.values, ...(isGap ? [null] : []), value],
	};
}

/** Lowest, highest and last value; null for a line without any. */
export function extentOf(
	line: Line,
): { readonly lowest: number; readonly highest: number; readonly last: number } | null {
	let lowest = Number.POSITIVE_INFINITY;
	let highest = Number.NEGATIVE_INFINITY;
	let last: number | null = null;
	for (const value of line.values) {
		if (value === null) continue;
		lowest = Math.min(lowest, value);
		highest = Math.max(highest, value);
		last = value;
	}
	return last === null ? null : { lowest, highest, last };
}

/**
 * From when to draw lines that were asked for from `fromMs` to `toMs`: where most of that time lies before their first
 * value, a little before that value.
 */
export function drawnFromMs(lines: readonly Line[], fromMs: number, toMs: number): number {
	const firstMs = Math.min(...lines.map((line) => line.atMs[0] ?? Number.POSITIVE_INFINITY));
	if (firstMs === Number.POSITIVE_INFINITY || firstMs - fromMs < (toMs - fromMs) / 2) return fromMs;
	const leastMs = Math.min(leastDrawnMs, toMs - fromMs);
	return Math.max(fromMs, Math.min(firstMs, toMs - leastMs));
}

/** A chart of fewer than two minutes says little; a young device gets at least those. */
const leastDrawnMs = 120_000;

export interface TableRow {
	readonly atMs: number;
	/** One cell for each line; undefined where that line says nothing at this instant. */
	readonly cells: readonly (number | undefined)[];
}

/** The lines beside each other, one row for each instant, newest first. */
export function rowsOf(lines: readonly Line[]): TableRow[] {
	const rows = new Map<number, (number | undefined)[]>();
	lines.forEach((line, place) => {
		line.values.forEach((value, index) => {
			const atMs = line.atMs[index];
			if (value === null || atMs === undefined) return;
			const cells = rows.get(atMs) ?? lines.map(() => undefined);
			cells[place] = value;
			rows.set(atMs, cells);
		});
	});
	return [...rows].map(([atMs, cells]) => ({ atMs, cells })).sort((a, b) => b.atMs - a.atMs);
}

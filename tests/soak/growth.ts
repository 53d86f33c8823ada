/** What the server holds, noted after a fault when all goes on again. */
export interface Holdings {
	readonly residentBytes: number;
	readonly openDescriptors: number;
}

/** Fewer say nothing about a trend. */
const leastNotes = 8;
/** What a server may hold more in the second half of one life than in the first: buffers and pools fill over time. */
const allowedBytes = 128 * 1024 ** 2;
const allowedDescriptors = 50;

/**
 * Whether what one life of the server held grew, by the medians of the two halves of its notes after a third of them.
 * @returns a sentence for each that grew
 */
export function growthOf(notes: readonly Holdings[]): string[] {
	const settled = notes.slice(Math.floor(notes.length / 3));
	if (settled.length < leastNotes) return [];
	const half = Math.floor(settled.length / 2);
	const grown: string[] = [];
	const bytes = rise(settled, half, (note) => note.residentBytes);
	if (bytes > allowedBytes)
		grown.push(`memory grew by ${Math.round(bytes / 1024 ** 2)} MB within one life of the server`);
	const descriptors = rise(settled, half, (note) => note.openDescriptors);
	if (descriptors > allowedDescriptors)
		grown.push(`open descriptors grew by ${descriptors} within one life of the server`);
	return grown;
}

function rise(notes: readonly Holdings[], half: number, read: (note: Holdings) => number): number {
	return median(notes.slice(half).map(read)) - median(notes.slice(0, half).map(read));
}

function median(values: readonly number[]): number {
	return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** What a column of a sheet holds. Instants are given in epoch milliseconds. */
export type SheetColumnKind = 'text' | 'number' | 'instant';

export interface SheetColumn {
	readonly title: string;
	readonly kind: SheetColumnKind;
	/** In characters, as spreadsheets measure it. */
	readonly width: number;
}

export type SheetCell = string | number | null;

/** Places in the list of formats of `workbook.ts`. */
export const cellFormats = { plain: 0, instant: 1, guarded: 2, title: 3 } as const;

const quarterHourMs = 900_000;
const dayMs = 86_400_000;
/** 1 January 1970 in days since 30 December 1899, from where spreadsheets count. */
const epochDay = 25_569;

/** Writes instants as the serial dates that a clock on the wall of the zone would have shown. */
export class SerialDates {
	readonly #formatter: Intl.DateTimeFormat;
	/** Zones change their offset at whole quarters of an hour only. */
	readonly #offsetsMs = new Map<number, number>();

	constructor(timeZone: string) {
		this.#formatter = new Intl.DateTimeFormat('en-US-u-nu-latn', {
			timeZone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
	}

	/** Whole seconds: the format shows no more. */
	serial(atMs: number): number {
		const quarter = Math.floor(atMs / quarterHourMs);
		let offsetMs = this.#offsetsMs.get(quarter);
		if (offsetMs === undefined) {
			offsetMs = this.#offsetAt(quarter * quarterHourMs);
			this.#offsetsMs.set(quarter, offsetMs);
		}
		const localMs = Math.floor((atMs + offsetMs) / 1_000) * 1_000;
		return localMs / dayMs + epochDay;
	}

	#offsetAt(atMs: number): number {
		const parts = new Map(
			this.#formatter.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]),
		);
		const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
		const local = Date.UTC(
			part('year'),
			part('month') - 1,
			part('day'),
			part('hour'),
			part('minute'),
			part('second'),
		);
		return local - atMs;
	}
}

/** One cell as SpreadsheetML (ECMA-376, 18.3.1.4), cut where Excel takes no more; nothing for an empty one. */
export function cellXml(
	reference: string,
	kind: SheetColumnKind,
	value: SheetCell,
	dates: SerialDates,
): string {
	if (value === null || value === '') return '';
	if (typeof value === 'string') return textXml(reference, value);
	if (!Number.isFinite(value)) return '';
	return kind === 'instant'
		? `<c r="${reference}" s="${cellFormats.instant}"><v>${dates.serial(value)}</v></c>`
		: `<c r="${reference}"><v>${value}</v></c>`;
}

/** By these a spreadsheet would take a text for a formula once somebody edits or pastes it. */
const formulaStart = /^[=+\-@\t]/;
const outerSpace = /^\s|\s$/;
const notPlain = /[&<>\p{Cc}\p{Cs}\ufffe\uffff]/u;
/** What Excel takes in a cell, in UTF-16 units. */
const longestText = 32_767;

function textXml(reference: string, value: string): string {
	const cut = value.slice(0, longestText);
	const text = notPlain.test(cut) ? escaped(cut) : cut;
	const format = formulaStart.test(text) ? ` s="${cellFormats.guarded}"` : '';
	const space = outerSpace.test(text) ? ' xml:space="preserve"' : '';
	return `<c r="${reference}" t="inlineStr"${format}><is><t${space}>${text}</t></is></c>`;
}

/** What XML 1.0 has no way to write is left out. */
export function escaped(value: string): string {
	return value
		.replace(/(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '')
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;');
}

/** A, B, …, Z, AA, AB, … */
export function columnLetters(place: number): string {
	let letters = '';
	for (let rest = place + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
		letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
	return letters;
}

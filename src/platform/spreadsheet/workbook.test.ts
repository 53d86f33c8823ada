import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flushMark } from '#contract/workbook.ts';
import { cellsOf, unzip } from '../../../tests/harness/workbook.ts';
import { columnLetters, SerialDates, type SheetCell, type SheetColumn } from './cells.ts';
import { writeWorkbook } from './workbook.ts';

const columns: readonly SheetColumn[] = [
	{ title: 'VIN No', kind: 'text', width: 20 },
	{ title: 'SoC & more', kind: 'number', width: 8 },
	{ title: 'Last Heart Beat', kind: 'instant', width: 20 },
];

async function write(
	portions: readonly (readonly (readonly SheetCell[])[])[],
	timeZone = 'UTC',
): Promise<Buffer> {
	const parts: Buffer[] = [];
	async function* source() {
		yield* portions;
	}
	for await (const part of writeWorkbook({
		sheetName: 'Fleet',
		columns,
		timeZone,
		portions: source(),
	}))
		parts.push(part);
	return Buffer.concat(parts);
}

async function sheetOf(rows: readonly (readonly SheetCell[])[], timeZone = 'UTC') {
	const files = unzip(await write([rows], timeZone));
	return cellsOf(files.get('xl/worksheets/sheet1.xml') ?? '');
}

test('a workbook has the parts that every reader asks for', async () => {
	const files = unzip(await write([]));
	expect([...files.keys()]).toEqual([
		'xl/worksheets/sheet1.xml',
		'xl/styles.xml',
		'xl/workbook.xml',
		'xl/_rels/workbook.xml.rels',
		'_rels/.rels',
		'[Content_Types].xml',
	]);
	expect(files.get('xl/worksheets/sheet1.xml')).toContain('SoC &amp; more');
	expect(files.get('xl/worksheets/sheet1.xml')).toContain('<autoFilter ref="A1:C1"/>');
});

test('texts, numbers and instants are what they are; what is unknown is empty', async () => {
	const cells = await sheetOf([
		['MDQ1', 34.5, Date.UTC(2026, 10, 8, 8, 37)],
		['007', null, null],
	]);
	expect(cells.get('A2')).toEqual({ attributes: 't="inlineStr"', value: 'MDQ1' });
	expect(cells.get('B2')).toEqual({ attributes: '', value: '34.5' });
	expect(cells.get('C2')?.attributes).toBe('s="1"');
	expect(cells.get('A3')?.value).toBe('007');
	expect(cells.has('B3')).toBe(false);
	expect(cells.has('C3')).toBe(false);
});

test.each(['=1+1', '+91 98', '-2', '@SUM(A1)', '\t=1', '\u0001=1'])(
	'%j stays a text, also when somebody edits it',
	async (text) => {
		const cells = await sheetOf([[text, null, null]]);
		expect(cells.get('A2')).toEqual({
			attributes: 't="inlineStr" s="2"',
			value: text.replace('\u0001', ''),
		});
	},
);

test('any text comes back, but for what XML cannot hold', async () => {
	await fc.assert(
		fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
			const cells = await sheetOf([[text, null, null]]);
			const held = text.toWellFormed().replace(/(?![\t\n])\p{Cc}|[\ufffe\uffff]/gu, '');
			expect(cells.get('A2')?.value ?? '').toBe(held);
		}),
	);
});

test('a text is cut where Excel takes no more of it, never within a character', async () => {
	const most = 32_767;
	const cells = await sheetOf([
		['x'.repeat(most), null, null],
		['x'.repeat(most + 1), null, null],
		[`${'x'.repeat(most - 1)}😀`, null, null],
	]);
	expect([2, 3, 4].map((row) => cells.get(`A${row}`)?.value.length)).toEqual([
		most,
		most,
		most - 1,
	]);
});

test('each portion leaves a mark in the stream by which it can be counted', async () => {
	const portion = Array.from({ length: 500 }, (_, place) => [`MDQ${place}`, place, null]);
	const archive = await write([portion, portion, portion]);
	const mark = Buffer.from(flushMark);
	let marks = 0;
	for (let at = archive.indexOf(mark); at !== -1; at = archive.indexOf(mark, at + 4)) marks++;
	// The end of the sheet and the five small files leave one each.
	expect(marks).toBe(3 + 6);
});

test('who stops reading ends the reading of the rows', async () => {
	let isClosed = false;
	async function* endless() {
		try {
			for (;;) yield [['MDQ1', 1, null]];
		} finally {
			isClosed = true;
		}
	}
	const options = { sheetName: 'Fleet', columns, timeZone: 'UTC', portions: endless() };
	let taken = 0;
	for await (const _ of writeWorkbook(options)) if (++taken === 5) break;
	expect(isClosed).toBe(true);
});

describe('serial dates', () => {
	test('show what the wall clock of the zone shows', () => {
		const day = (serial: number) =>
			new Date(Math.round((serial - 25_569) * 86_400_000)).toISOString();
		const atMs = Date.UTC(2026, 10, 8, 20, 37, 12);
		expect(day(new SerialDates('Asia/Kolkata').serial(atMs))).toMatch('2026-11-09T02:07:12');
		expect(day(new SerialDates('UTC').serial(atMs))).toMatch('2026-11-08T20:37:12');
		const berlin = new SerialDates('Europe/Berlin');
		expect(day(berlin.serial(Date.UTC(2026, 2, 29, 0, 59)))).toMatch('T01:59:00');
		expect(day(berlin.serial(Date.UTC(2026, 2, 29, 1, 0)))).toMatch('T03:00:00');
	});

	test('1 January 1900 would be day 2: spreadsheets believe in 29 February 1900', () => {
		expect(new SerialDates('UTC').serial(Date.UTC(1900, 0, 1))).toBe(2);
	});
});

test('columns are lettered as spreadsheets do', () => {
	expect([0, 25, 26, 51, 52, 701, 702].map(columnLetters)).toEqual([
		'A',
		'Z',
		'AA',
		'AZ',
		'BA',
		'ZZ',
		'AAA',
	]);
});

import {
	cellFormats,
	cellXml,
	columnLetters,
	escaped,
	SerialDates,
	type SheetCell,
	type SheetColumn,
} from './cells.ts';
import { writeZip, type ZipEntry } from './zip.ts';

export const workbookMediaType =
	'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Rows that a sheet has room for, below its titles. */
const mostRows = 1_048_575;

export interface WorkbookOptions {
	/** Name of the sheet; at most 28 characters, none of `[]:*?/\`. */
	readonly sheetName: string;
	readonly columns: readonly SheetColumn[];
	/** IANA zone in which instants are written. */
	readonly timeZone: string;
	/** Rows in portions; the file grows by each as it comes. */
	readonly portions: AsyncIterable<readonly (readonly SheetCell[])[]>;
}

/**
 * Writes an Excel workbook (ECMA-376) while its rows are read, never holding more than a portion of them. Texts are
 * never formulas; those that begin like one are marked as quoted, so that editing them does not make them one. What does
 * not fit on a sheet goes on to the next.
 */
export function writeWorkbook(options: WorkbookOptions): AsyncGenerator<Buffer> {
	return writeZip(entriesOf(options));
}

async function* entriesOf(options: WorkbookOptions): AsyncGenerator<ZipEntry> {
	const rows = new RowReader(options.portions);
	const sheets: string[] = [];
	try {
		do {
			sheets.push(
				sheets.length === 0 ? options.sheetName : `${options.sheetName} ${sheets.length + 1}`,
			);
			yield {
				name: `xl/worksheets/sheet${sheets.length}.xml`,
				parts: sheetXml(options, rows),
			};
		} while (await rows.hasMore());
	} finally {
		await rows.close();
	}
	yield { name: 'xl/styles.xml', parts: [stylesXml] };
	yield { name: 'xl/workbook.xml', parts: [workbookXml(sheets)] };
	yield { name: 'xl/_rels/workbook.xml.rels', parts: [workbookRelationsXml(sheets.length)] };
	yield { name: '_rels/.rels', parts: [relationsXml] };
	yield { name: '[Content_Types].xml', parts: [contentTypesXml(sheets.length)] };
}

/** Takes rows from portions, at most so many at a time. */
class RowReader {
	readonly #portions: AsyncIterator<readonly (readonly SheetCell[])[]>;
	#ahead: readonly (readonly SheetCell[])[] = [];
	#isDone = false;

	constructor(portions: AsyncIterable<readonly (readonly SheetCell[])[]>) {
		this.#portions = portions[Symbol.asyncIterator]();
	}

	async hasMore(): Promise<boolean> {
		while (this.#ahead.length === 0 && !this.#isDone) {
			const next = await this.#portions.next();
			this.#isDone = next.done === true;
			if (next.done !== true) this.#ahead = next.value;
		}
		return this.#ahead.length > 0;
	}

	take(most: number): readonly (readonly SheetCell[])[] {
		const taken = this.#ahead.slice(0, most);
		this.#ahead = this.#ahead.slice(most);
		return taken;
	}

	async close(): Promise<void> {
		await this.#portions.return?.();
	}
}

async function* sheetXml(
	{ columns, timeZone }: WorkbookOptions,
	rows: RowReader,
): AsyncGenerator<string> {
	const dates = new SerialDates(timeZone);
	const letters = columns.map((_, place) => columnLetters(place));
	const titles = columns.map(
		({ title }, place) =>
			`<c r="${letters[place]}1" t="inlineStr" s="${cellFormats.title}"><is><t>${escaped(title)}</t></is></c>`,
	);
	let opening = `${xmlHead}<worksheet ${main}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns
		.map(
			({ width }, place) =>
				`<col min="${place + 1}" max="${place + 1}" width="${width}" customWidth="1"/>`,
		)
		.join('')}</cols><sheetData><row r="1">${titles.join('')}</row>`;
	let count = 0;
	while (count < mostRows && (await rows.hasMore())) {
		let xml = opening;
		opening = '';
		for (const row of rows.take(mostRows - count)) {
			count++;
			xml += `<row r="${count + 1}">`;
			for (const [place, { kind }] of columns.entries())
				xml += cellXml(`${letters[place]}${count + 1}`, kind, row[place] ?? null, dates);
			xml += '</row>';
		}
		yield xml;
	}
	const end = `${letters.at(-1)}${count + 1}`;
	yield `${opening}</sheetData><autoFilter ref="A1:${end}"/></worksheet>`;
}

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelationships = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** In the order of {@link cellFormats}. */
const stylesXml = `${xmlHead}<styleSheet ${main}><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\-mmm\\-yyyy\\ hh:mm\\ AM/PM"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`;

function workbookXml(sheets: readonly string[]): string {
	const list = sheets.map(
		(name, place) =>
			`<sheet name="${escaped(name).replaceAll('"', '&quot;')}" sheetId="${place + 1}" r:id="rId${place + 1}"/>`,
	);
	return `${xmlHead}<workbook ${main} xmlns:r="${relationships}"><sheets>${list.join('')}</sheets></workbook>`;
}

function workbookRelationsXml(sheets: number): string {
	const list = Array.from(
		{ length: sheets },
		(_, place) =>
			`<Relationship Id="rId${place + 1}" Type="${relationships}/worksheet" Target="worksheets/sheet${place + 1}.xml"/>`,
	);
	return `${xmlHead}<Relationships xmlns="${packageRelationships}">${list.join('')}<Relationship Id="rId${sheets + 1}" Type="${relationships}/styles" Target="styles.xml"/></Relationships>`;
}

const relationsXml = `${xmlHead}<Relationships xmlns="${packageRelationships}"><Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

function contentTypesXml(sheets: number): string {
	const part = (name: string, type: string) =>
		`<Override PartName="${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
	const list = Array.from({ length: sheets }, (_, place) =>
		part(`/xl/worksheets/sheet${place + 1}.xml`, 'worksheet'),
	);
	return `${xmlHead}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part('/xl/workbook.xml', 'sheet.main')}${list.join('')}${part('/xl/styles.xml', 'styles')}</Types>`;
}

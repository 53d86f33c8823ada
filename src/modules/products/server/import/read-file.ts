import { Readable } from 'node:stream';
import { CsvError, type Parser, parse } from 'csv-parse';
import { z } from 'zod';
import {
	deviceFamilies,
	deviceFamilyLabels,
	transportLabels,
	transports,
} from '#contract/family.ts';
import { fault } from '#contract/faults.ts';
import {
	type ImportColumn,
	importColumns,
	importMaxRows,
	mandatoryImportColumns,
	newDeviceSchema,
} from '../../contract.ts';

/** One row of an import file, as far as the file itself tells. */
export interface ImportRow {
	/** Line of the file on which it ends. */
	readonly line: number;
	readonly deviceId: string;
	readonly telematicsId: string | null;
	readonly name: string | null;
	readonly simNo: string | null;
	readonly family: string | null;
	readonly transport: string | null;
	readonly reportingIntervalSeconds: number | null;
	/** What is wrong with it, or null. */
	readonly problem: string | null;
}

const recordSchema = z.object({
	record: z.array(z.string()),
	info: z.object({ lines: z.number() }),
});

const longestRecordBytes = 16 * 1024;
/** Titles are in the first line, which is looked at before the rest is read. */
const longestTitlesBytes = 16 * 1024;
const separators = [',', ';', '\t'];

/**
 * Reads a CSV file (RFC 4180, UTF-8; also with semicolons or tabs) row by row as it comes. Rows with something wrong
 * come, too, and say so.
 * @throws `invalid_input` when the file as a whole cannot be read
 */
export async function* readImportFile(file: AsyncIterable<Buffer>): AsyncGenerator<ImportRow> {
	const { separator, whole } = await withSeparator(file);
	const parser = parse({
		bom: true,
		delimiter: separator,
		info: true,
		max_record_size: longestRecordBytes,
		relax_column_count: true,
		skip_empty_lines: true,
		trim: true,
	});
	const source = Readable.from(whole);
	source.once('error', (error) => parser.destroy(error));
	source.pipe(parser);
	try {
		yield* rowsOf(parser);
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		throw refused(`The file is not a valid CSV file: ${error.message}. Correct it and try again.`);
	} finally {
		source.destroy();
		parser.destroy();
	}
}

async function* rowsOf(parser: Parser): AsyncGenerator<ImportRow> {
	let places: ReadonlyMap<ImportColumn, number> | null = null;
	let columns = 0;
	let rows = 0;
	for await (const parsed of parser) {
		const { record, info } = recordSchema.parse(parsed);
		if (places === null) {
			places = placesOf(record);
			columns = record.length;
			continue;
		}
		rows++;
		if (rows > importMaxRows)
			throw refused(`The file has more than ${importMaxRows} rows. Divide it into several.`);
		yield rowOf(record, info.lines, places, columns);
	}
	if (places === null) throw refused(`The file is empty. Begin with the template.`);
	if (rows === 0) throw refused('The file has titles and no rows. Fill it in and try again.');
}

/** Where each column stands. */
function placesOf(titles: readonly string[]): ReadonlyMap<ImportColumn, number> {
	const places = new Map<ImportColumn, number>();
	const unknown: string[] = [];
	for (const [place, title] of titles.entries()) {
		const column = importColumns.find((each) => each.toLowerCase() === title.toLowerCase());
		if (column === undefined || places.has(column)) unknown.push(`“${title.slice(0, 64)}”`);
		else places.set(column, place);
	}
	const missing = mandatoryImportColumns.filter((column) => !places.has(column));
	if (unknown.length > 0)
		throw refused(
			`The file has columns that the template has not, or twice: ${unknown.slice(0, 10).join(', ')}. Use the titles of the template.`,
		);
	if (missing.length > 0)
		throw refused(
			`The file lacks the column ${missing.join(' and ')}. Use the titles of the template.`,
		);
	return places;
}

function rowOf(
	record: readonly string[],
	line: number,
	places: ReadonlyMap<ImportColumn, number>,
	columns: number,
): ImportRow {
	const cell = (column: ImportColumn): string | null => {
		const place = places.get(column);
		const text = place === undefined ? '' : (record[place] ?? '');
		return text === '' ? null : text;
	};
	const deviceId = cell('Device ID') ?? '';
	const family = cell('Family');
	const transport = cell('Communication type');
	const interval = cell('Reporting interval (s)');
	const values = {
		deviceId,
		telematicsId: cell('Telematics ID'),
		name: cell('Name'),
		simNo: cell('SIM number'),
		family: codeOf(deviceFamilies, deviceFamilyLabels, family),
		transport: codeOf(transports, transportLabels, transport),
		reportingIntervalSeconds: interval === null ? null : Number(interval),
	};
	const blank = { line, deviceId: keepable(deviceId), telematicsId: null, name: null, simNo: null };
	const wrong = (problem: string): ImportRow => ({
		...blank,
		family: null,
		transport: null,
		reportingIntervalSeconds: null,
		problem,
	});
	if (record.length !== columns)
		return wrong(
			`The row has ${record.length} fields, the titles are ${columns}. Put a text that holds the separator into quotes.`,
		);
	const parsed = rowSchema.safeParse(values);
	if (!parsed.success) return wrong(parsed.error.issues[0]?.message ?? '');
	return { ...parsed.data, line, problem: null };
}

const rowSchema = newDeviceSchema.extend({
	family: z.enum(
		deviceFamilies,
		`Enter a family: ${deviceFamilies.map((family) => deviceFamilyLabels[family]).join(', ')}.`,
	),
	transport: z
		.enum(
			transports,
			`The communication type is not known. Use ${transports.map((each) => transportLabels[each]).join(', ')}, or leave it empty.`,
		)
		.nullable(),
	reportingIntervalSeconds: newDeviceSchema.shape.reportingIntervalSeconds.nullable(),
});

/** The code of what somebody wrote as code or as label; what is neither stays, to be refused. */
function codeOf<Code extends string>(
	codes: readonly Code[],
	labels: Readonly<Record<Code, string>>,
	written: string | null,
): string | null {
	if (written === null) return null;
	const wanted = written.toLowerCase();
	return codes.find((code) => code === wanted || labels[code].toLowerCase() === wanted) ?? written;
}

/** As much of an id that is not valid as can be kept and shown. */
function keepable(deviceId: string): string {
	return deviceId.replace(/[\p{Cc}\uFFFD]/gu, '?').slice(0, 64);
}

/** The separator that the titles are written with, and the file from its beginning. */
async function withSeparator(
	file: AsyncIterable<Buffer>,
): Promise<{ separator: string; whole: AsyncIterable<Buffer> }> {
	const chunks = file[Symbol.asyncIterator]();
	const first: Buffer[] = [];
	let titles = '';
	while (!/[\r\n]/.test(titles) && titles.length < longestTitlesBytes) {
		const next = await chunks.next();
		if (next.done === true) break;
		first.push(next.value);
		titles += next.value.toString('latin1');
	}
	const [line = ''] = titles.split(/[\r\n]/, 1);
	const times = (separator: string) => line.split(separator).length;
	const separator = separators.reduce((best, each) => (times(each) > times(best) ? each : best));
	async function* whole(): AsyncGenerator<Buffer> {
		yield* first;
		yield* { [Symbol.asyncIterator]: () => chunks };
	}
	return { separator, whole: whole() };
}

function refused(summary: string) {
	return fault('invalid_input', { summary });
}

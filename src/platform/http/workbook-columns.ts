import type { SheetCell, SheetColumn } from '../spreadsheet/cells.ts';

/** A column of a workbook, and what it holds of a row. */
export interface WorkbookColumn<Row> extends SheetColumn {
	value(row: Row): SheetCell;
}

/** Wide enough for `DD-MMM-YYYY hh:mm AM/PM`. */
const instantWidth = 22;

/** @param width in characters */
export function textColumn<Row>(
	title: string,
	width: number,
	value: (row: Row) => string | null,
): WorkbookColumn<Row> {
	return { title, width, kind: 'text', value };
}

/** @param width in characters */
export function numberColumn<Row>(
	title: string,
	width: number,
	value: (row: Row) => number | null,
): WorkbookColumn<Row> {
	return { title, width, kind: 'number', value };
}

/** @param value in epoch milliseconds */
export function instantColumn<Row>(
	title: string,
	value: (row: Row) => number | null,
): WorkbookColumn<Row> {
	return { title, width: instantWidth, kind: 'instant', value };
}

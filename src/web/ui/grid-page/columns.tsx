import { Count } from '../count.tsx';
import { Data } from '../data.tsx';
import { Instant } from '../instant.tsx';
import { Words } from '../words.tsx';
import type { GridColumn } from './grid.ts';

type UnsortedColumn<Row> = Omit<GridColumn<Row>, 'sort'>;

/** A column of what people wrote, such as names. */
export function wordsColumn<Row>(
	key: string,
	title: string,
	widthPx: number,
	value: (row: Row) => string | null,
): UnsortedColumn<Row> {
	return { key, title, widthPx, cell: (row) => <Words value={value(row)} /> };
}

/** A column of what machines wrote, such as identifiers. */
export function dataColumn<Row>(
	key: string,
	title: string,
	widthPx: number,
	value: (row: Row) => string | null,
): UnsortedColumn<Row> {
	return { key, title, widthPx, cell: (row) => <Data value={value(row)} /> };
}

/** A column that says how many there are. */
export function countColumn<Row>(
	key: string,
	title: string,
	value: (row: Row) => number | null,
): UnsortedColumn<Row> {
	return {
		key,
		title,
		widthPx: 110,
		isNumber: true,
		cell: (row) => <Count value={value(row)} />,
	};
}

/** The column of when a row came to be, by which lists can be sorted. */
export function createdColumn<Row extends { readonly createdAtMs: number }>(
	title: string,
): UnsortedColumn<Row> & { readonly sort: 'created' } {
	return {
		key: 'created',
		title,
		sort: 'created',
		widthPx: 190,
		cell: (row) => <Instant atMs={row.createdAtMs} />,
	};
}

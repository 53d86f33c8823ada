import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { AnyEndpoint, Endpoint } from '#contract/endpoint.ts';

/** What every list endpoint answers, whatever else it adds. */
export interface GridReply<Row> {
	readonly rows: readonly Row[];
	readonly total: number;
	/** False when nobody counted further: read `total` as "at least". */
	readonly totalIsExact: boolean;
}

/**
 * An endpoint that lists rows: its query has `q`, `sort`, `direction`, `page` and `pageSize`, each with a default, and
 * whatever it can be filtered by.
 */
export type ListEndpoint<Reply> = Endpoint<z.ZodType, z.ZodObject, z.ZodType, z.ZodType<Reply>>;

export interface GridColumn<Row> {
	/** Names the column in what a person keeps about the grid. */
	readonly key: string;
	readonly title: string;
	readonly widthPx: number;
	/** The endpoint's name for the order by this column; without it nobody can sort by it. */
	readonly sort?: string;
	readonly isNumber?: boolean;
	/** Greyed when the row is out of date. */
	readonly ages?: boolean;
	readonly startsHidden?: boolean;
	readonly cell: (row: Row) => ReactNode;
}

export interface FilterOption {
	readonly value: string;
	readonly label: string;
}

export interface GridFilter<Row> {
	/** Its name in the endpoint's query and so in the address. */
	readonly name: string;
	readonly label: string;
	/** Reads when nothing is chosen. */
	readonly anyLabel: string;
	/** Those that a typed text finds, which may be the same for every text. */
	readonly options: (text: string, signal: AbortSignal) => Promise<readonly FilterOption[]>;
	/** The server finds options by text, since there are too many to offer at once. */
	readonly isSearched?: boolean;
	/** How the chosen value reads, from a row that has it, when it is not among the first options. */
	readonly labelIn?: (row: Row) => string | null;
}

/** What a row's side panel shows. */
export interface GridDetail<Row> {
	/** One row by its key, wherever in the list it stands. */
	readonly read: (rowKey: string, signal: AbortSignal) => Promise<Row>;
	/** Below the row's name. */
	readonly summary: (row: Row) => ReactNode;
	/** Beside the row's name. */
	readonly beside?: (row: Row) => ReactNode;
	readonly body: (row: Row) => ReactNode;
}

/** Everything that one grid page is, besides what it does while rows change live. */
export interface GridDefinition<Row, Reply extends GridReply<Row> = GridReply<Row>> {
	/** Names the grid among all grids, as in `fleet`. */
	readonly key: string;
	readonly list: ListEndpoint<Reply>;
	/** What the table is, for those who cannot see it. */
	readonly label: string;
	/** The first stays in place while the others scroll, and is always there. */
	readonly columns: readonly GridColumn<Row>[];
	readonly rowKey: (row: Row) => string;
	readonly rowName: (row: Row) => string;
	/** Its values are history. */
	readonly isStale?: (row: Row) => boolean;
	/** The row on a phone. */
	readonly card: (row: Row) => ReactNode;
	readonly filters: readonly GridFilter<Row>[];
	readonly searchLabel: string;
	readonly emptyIcon: Icon;
	readonly emptyTitle: string;
	readonly emptyDetail: string;
	readonly noMatchTitle: string;
	readonly faultTitle: string;
	readonly detail?: GridDetail<Row>;
	/** Answers all rows as an Excel workbook. */
	readonly excel?: AnyEndpoint;
	/** What to copy of the chosen rows. */
	readonly copy?: { readonly label: string; readonly value: (row: Row) => string };
}

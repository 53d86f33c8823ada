import type { Icon } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
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
	readonly labelIn?: (row: Row, value: string) => string | null;
}

/** What a row's side panel shows. */
export interface GridDetail<Row> {
	/** One row by its key, wherever in the list it stands. */
	readonly read: (rowKey: string, signal: AbortSignal) => Promise<Row>;
	/** Below the row's name. */
	readonly summary: (row: Row) => ReactNode;
	/** Beside the row's name. */
	readonly beside?: (row: Row) => ReactNode;
	/** May be lazy. */
	readonly body: (row: Row) => ReactNode;
}

/** What a form or a dialog of a grid gets; `<FormDrawer {...dialog}>` and `<ConfirmModal {...dialog}>` take it as it is. */
export interface GridDialog {
	readonly opened: boolean;
	readonly onClose: () => void;
	/** Reads the rows anew; called once something was changed. */
	readonly onDone: () => void;
}

interface GridChange {
	/** What it calls; who is not admitted does not see it. */
	readonly endpoint: AnyEndpoint;
	/** What it is called, as in `Add customer`. */
	readonly label: string;
}

export interface GridAdd extends GridChange {
	/** Made anew each time it opens. May be lazy. */
	readonly component: ComponentType<GridDialog>;
}

export interface GridEdit<Row> extends GridChange {
	/** Made anew each time it opens. May be lazy. */
	readonly component: ComponentType<GridDialog & { readonly row: Row }>;
}

/** Changes rows once the typed word confirms it. */
export interface GridConfirmation<Row> {
	/** Says exactly what will be changed, and how many. */
	readonly what: (rows: readonly Row[]) => ReactNode;
	/** Does it, given what was typed, which the server checks again. What it throws is shown in the confirmation. */
	readonly run: (rows: readonly Row[], typed: string) => Promise<unknown>;
	/** What happened, for the toast. */
	readonly done: (rows: readonly Row[]) => string;
}

export type GridRemove<Row> = GridChange & GridConfirmation<Row>;

interface RowAction<Row> extends GridChange {
	readonly key: string;
	readonly icon: Icon;
	/** Of how many rows at a time. */
	readonly needs: 'one' | 'some';
	/** Rows it can be done to; offered only when all in question are. */
	readonly suits?: (row: Row) => boolean;
}

/** Something to do with the ticked rows, or the open one: confirmed by the typed word, by a dialog of its own, or at once. */
export type GridAction<Row> = RowAction<Row> &
	(
		| { readonly confirm: GridConfirmation<Row> }
		| { readonly component: ComponentType<GridDialog & { readonly rows: readonly Row[] }> }
		| {
				/** Does it, and says what happened for the toast. */
				readonly run: (rows: readonly Row[]) => Promise<string>;
		  }
	);

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
	/** Each is shown to those whom its endpoint admits. */
	readonly add?: GridAdd;
	readonly edit?: GridEdit<Row>;
	readonly remove?: GridRemove<Row>;
	readonly actions?: readonly GridAction<Row>[];
}

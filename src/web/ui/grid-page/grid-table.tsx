import { UnstyledButton } from '@mantine/core';
import { DataTable, type DataTableColumn } from 'mantine-datatable';
import { type KeyboardEvent, useMemo } from 'react';
import { type SortDirection, SortHeader } from '../sort-header.tsx';
import { type Arrangement, inOrder, isShown } from './arrangement.ts';
import type { GridColumn, GridDefinition } from './grid.ts';
import classes from './grid-table.module.css';
import { text } from './text.ts';
import type { ChosenRows } from './use-grid.ts';

interface GridTableProps<Row> {
	readonly definition: Pick<
		GridDefinition<Row>,
		'label' | 'columns' | 'rowKey' | 'rowName' | 'isStale' | 'detail'
	>;
	readonly rows: readonly Row[];
	readonly arrangement: Arrangement;
	readonly sort: string;
	readonly direction: SortDirection;
	readonly openKey: string | null;
	readonly chosen: ChosenRows<Row>;
	readonly onSort: (sort: string) => void;
	readonly onOpen: (row: Row) => void;
	readonly onChoose: (rows: readonly Row[]) => void;
}

/** The rows as a table: the first column pinned, the others as the person arranged them. */
export function GridTable<Row>({
	definition,
	rows,
	arrangement,
	sort,
	direction,
	openKey,
	chosen,
	onSort,
	onOpen,
	onChoose,
}: GridTableProps<Row>) {
	const { rowKey, rowName, isStale, detail } = definition;
	// One row is in the tab order; arrow keys lead to the others.
	const tabStop = rows.find((row) => rowKey(row) === openKey) ?? rows[0];
	const tabStopKey = tabStop && rowKey(tabStop);

	const columns = useMemo<DataTableColumn<Row>[]>(() => {
		function titleOf(column: GridColumn<Row>) {
			const by = column.sort;
			if (by === undefined) return column.title;
			return (
				<SortHeader
					label={column.title}
					direction={by === sort ? direction : null}
					onSort={() => onSort(by)}
				/>
			);
		}
		const dimmed = (row: Row) => (isStale?.(row) ? classes.dim : undefined);
		return inOrder(definition.columns, arrangement)
			.filter((column, place) => place === 0 || isShown(column, arrangement))
			.map((column, place) => ({
				accessor: column.key,
				title: titleOf(column),
				width: column.widthPx,
				ellipsis: true,
				...(column.isNumber && { textAlign: 'right' as const }),
				...(column.ages && { cellsClassName: dimmed }),
				render: (row: Row) =>
					place > 0 || detail === undefined ? (
						column.cell(row)
					) : (
						<UnstyledButton
							className={classes.identity}
							data-row-button
							aria-label={text('openDetails', { name: rowName(row) })}
							aria-current={rowKey(row) === openKey ? 'true' : undefined}
							onKeyDown={moveFocus}
							tabIndex={rowKey(row) === tabStopKey ? 0 : -1}
						>
							{column.cell(row)}
						</UnstyledButton>
					),
			}));
	}, [
		definition.columns,
		arrangement,
		sort,
		direction,
		openKey,
		tabStopKey,
		onSort,
		rowKey,
		rowName,
		isStale,
		detail,
	]);

	return (
		<div className={classes.wrapper}>
			<DataTable<Row>
				aria-label={definition.label}
				className={classes.table}
				data-density={arrangement.density}
				height="100%"
				idAccessor={rowKey}
				columns={columns}
				records={[...rows]}
				selectedRecords={[...chosen.values()]}
				onSelectedRecordsChange={onChoose}
				selectionCheckboxProps={{ size: 'xs' }}
				allRecordsSelectionCheckboxProps={{ 'aria-label': text('chooseAll') }}
				getRecordSelectionCheckboxProps={(row) => ({
					'aria-label': text('choose', { name: rowName(row) }),
				})}
				pinFirstColumn
				highlightOnHover
				verticalAlign="center"
				{...(detail && { onRowClick: ({ record }) => onOpen(record) })}
				rowClassName={(row) => (rowKey(row) === openKey ? classes.open : undefined)}
				customRowAttributes={(row) => ({ 'data-row-key': rowKey(row) })}
				scrollAreaProps={{ type: 'auto', scrollbarSize: 10 }}
			/>
		</div>
	);
}

/** Arrow keys go from row to row; Enter then opens the one that has the focus. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
	if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
	event.preventDefault();
	const row = event.currentTarget.closest('tr');
	const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
	next?.querySelector<HTMLElement>('[data-row-button]')?.focus();
}

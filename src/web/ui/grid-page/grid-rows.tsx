import { useCallback } from 'react';
import { later, useLater } from '#web/later.ts';
import type { GridReply } from './grid.ts';
import { isFiltered } from './grid-address.ts';
import { GridCards } from './grid-cards.tsx';
import { GridFault, GridSkeleton, NothingToShow } from './grid-states.tsx';
import type { Grid } from './use-grid.ts';
import type { OfferedAction } from './use-grid-actions.ts';

/** Phones show cards and do without it. */
const tableCode = later(() => import('./grid-table.tsx'));

interface GridRowsProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	readonly isPhone: boolean;
	readonly add: OfferedAction | null;
	readonly onOpen: (row: Row) => void;
}

/** The rows as a table, on a phone as cards; or why there are none. */
export function GridRows<Row, Reply extends GridReply<Row>>({
	grid,
	isPhone,
	add,
	onOpen,
}: GridRowsProps<Row, Reply>) {
	const { definition, address, change, page, rows, arrangement } = grid;
	const table = useLater(tableCode, !isPhone);
	const sortBy = useCallback(
		(sort: string) => {
			const direction = sort === address.sort && address.direction === 'asc' ? 'desc' : 'asc';
			change({ sort, direction, page: 1 });
		},
		[change, address.sort, address.direction],
	);

	if (page.error && page.data === undefined) {
		return (
			<GridFault
				title={definition.faultTitle}
				error={page.error}
				onRetry={() => void page.refetch()}
			/>
		);
	}
	if (page.data === undefined || arrangement === null) return <GridSkeleton />;
	if (rows.length === 0) {
		return (
			<NothingToShow
				definition={definition}
				isFiltered={isFiltered(address)}
				add={add}
				onClear={() => change({ q: '', filters: {}, page: 1 })}
			/>
		);
	}
	if (isPhone) return <GridCards grid={grid} onOpen={onOpen} />;
	if (table === null) return <GridSkeleton />;
	return (
		<table.GridTable
			definition={definition}
			rows={rows}
			arrangement={arrangement}
			sort={address.sort}
			direction={address.direction}
			openKey={address.row}
			chosen={grid.chosen}
			onSort={sortBy}
			onOpen={onOpen}
			onChoose={grid.choose}
		/>
	);
}

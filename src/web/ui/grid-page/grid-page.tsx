import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { useKeys } from '#web/keys/use-keys.ts';
import { usePaletteActions } from '#web/palette/actions.ts';
import { Pager } from '../pager.tsx';
import { pageSizes } from './arrangement.ts';
import { DetailPanel, DetailSheet } from './detail-panel.tsx';
import { FilterPills } from './filter-pills.tsx';
import type { GridReply } from './grid.ts';
import { GridDialogs } from './grid-dialogs.tsx';
import classes from './grid-page.module.css';
import { GridRows } from './grid-rows.tsx';
import { OlderRows } from './grid-states.tsx';
import { GridToolbar } from './grid-toolbar.tsx';
import { text } from './text.ts';
import type { Grid } from './use-grid.ts';
import { useGridActions } from './use-grid-actions.ts';

interface GridPageProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	/** Above the grid, as the chips of the statuses. */
	readonly chips?: ReactNode;
}

/** A list with everything that lists have: search, filters, order, columns, pages, a side panel, keys and a phone layout. */
export function GridPage<Row, Reply extends GridReply<Row>>({
	grid,
	chips,
}: GridPageProps<Row, Reply>) {
	const { definition, address, change, page, pageSize, rows, open, frame } = grid;
	const { rowKey } = definition;
	const isPhone = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
	const search = useRef<HTMLInputElement>(null);
	const actions = useGridActions(grid);

	const openRow = useCallback(
		(row: Row) => change({ row: rowKey(row) }, { replace: address.row !== null }),
		[change, address.row, rowKey],
	);
	const close = () => change({ row: null }, { replace: true });

	/** Opens the row so many places after the open one. */
	function step(places: number) {
		if (address.row === null) return;
		const at = rows.findIndex((row) => rowKey(row) === address.row);
		const next = at === -1 ? rows[0] : rows[at + places];
		if (!next) return;
		openRow(next);
		const row = frame.current?.querySelector(`[data-row-key="${CSS.escape(rowKey(next))}"]`);
		row?.scrollIntoView({ block: 'nearest' });
		if (frame.current?.querySelector('[data-row-button]:focus')) {
			row?.querySelector<HTMLElement>('[data-row-button]')?.focus();
		}
	}

	useKeys([
		{ key: '/', what: text('keySearch'), run: () => search.current?.focus() },
		...(actions.add ? [{ key: 'N', what: actions.add.label, run: actions.add.run }] : []),
		...(actions.edit?.isPossible
			? [{ key: 'E', what: actions.edit.label, run: actions.edit.run }]
			: []),
		{ key: 'R', what: text('keyRefresh'), run: () => void page.refetch() },
		...(definition.detail && address.row !== null
			? [
					{ key: 'J', what: text('keyNext'), run: () => step(1) },
					{ key: 'K', what: text('keyPrevious'), run: () => step(-1) },
					{ key: 'Escape', what: text('keyClose'), run: close },
				]
			: []),
	]);
	usePaletteActions(
		[actions.edit, actions.remove, ...actions.others].flatMap((action) =>
			action?.isPossible ? [{ ...action, detail: actions.about }] : [],
		),
	);
	useExistingPage(grid);

	const Panel = isPhone ? DetailSheet : DetailPanel;
	return (
		<div className={classes.page}>
			{chips}
			<div className={classes.split}>
				<div ref={frame} className={classes.card}>
					<div className={classes.progress} data-busy={page.isPlaceholderData || undefined} />
					<GridToolbar grid={grid} isPhone={isPhone} searchRef={search} actions={actions} />
					<FilterPills grid={grid} />
					{page.error && page.data ? (
						<OlderRows error={page.error} onRetry={() => void page.refetch()} />
					) : null}
					<GridRows grid={grid} isPhone={isPhone} add={actions.add} onOpen={openRow} />
					{page.data === undefined ? null : (
						<Pager
							page={address.page}
							pageSize={pageSize}
							pageSizes={pageSizes}
							rows={rows.length}
							total={page.data.total}
							isExact={page.data.totalIsExact}
							onPage={(next) => change({ page: next })}
							onPageSize={grid.setPageSize}
						/>
					)}
				</div>
				{definition.detail === undefined || address.row === null ? null : (
					<Panel
						detail={definition.detail}
						name={definition.rowName}
						open={open}
						actions={actions}
						onClose={close}
					/>
				)}
			</div>
			<GridDialogs grid={grid} actions={actions} />
		</div>
	);
}

/** Leads from the bookmark of a page that the list no longer reaches to its last one. */
function useExistingPage<Row, Reply extends GridReply<Row>>({
	page,
	pageSize,
	address,
	change,
}: Grid<Row, Reply>): void {
	const lastPage = Math.max(1, Math.ceil((page.data?.total ?? 0) / pageSize));
	const isPastEnd =
		page.data?.rows.length === 0 && !page.isPlaceholderData && address.page > lastPage;
	useEffect(() => {
		if (isPastEnd) change({ page: lastPage }, { replace: true });
	}, [isPastEnd, lastPage, change]);
}

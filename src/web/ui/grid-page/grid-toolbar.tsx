import { ActionIcon, Button, CloseButton, Switch, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { Ref } from 'react';
import { useRegion } from '#web/text/region.tsx';
import { Freshness } from '../freshness.tsx';
import { SearchBox } from '../search-box.tsx';
import { text as uiText } from '../text.ts';
import { toastDone, toastFault } from '../toast.ts';
import { AddButton, RowButtons } from './action-buttons.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import { ExcelButton } from './excel-button.tsx';
import { FilterMenu } from './filter-menu.tsx';
import type { GridReply } from './grid.ts';
import classes from './grid-toolbar.module.css';
import { text } from './text.ts';
import type { Grid } from './use-grid.ts';
import type { GridActions } from './use-grid-actions.ts';

interface GridToolbarProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	readonly isPhone: boolean;
	readonly searchRef: Ref<HTMLInputElement>;
	readonly actions: GridActions<Row>;
}

/** What can be done, search and filters, how fresh the rows are, and what renews them. */
export function GridToolbar<Row, Reply extends GridReply<Row>>({
	grid,
	isPhone,
	searchRef,
	actions,
}: GridToolbarProps<Row, Reply>) {
	const { definition, address, change, page, isRealtime, chosen } = grid;
	return (
		<div className={classes.toolbar}>
			<AddButton actions={actions} />
			{isPhone ? null : <RowButtons actions={actions} />}
			<SearchBox
				ref={searchRef}
				className={classes.search}
				value={address.q}
				onSearch={(q) => change({ q, page: 1 }, { replace: true })}
				label={definition.searchLabel}
				placeholder={text('search')}
				clearLabel={text('clearSearch')}
				{...(isPhone ? {} : { hotkey: '/' })}
			/>
			<FilterMenu grid={grid} isPhone={isPhone} />
			{chosen.size > 0 ? <Chosen grid={grid} /> : null}
			<span className={classes.space} />
			<Freshness
				isRealtime={isRealtime}
				readAtMs={page.dataUpdatedAt}
				hasFailed={page.error !== null}
			/>
			<Switch
				size="sm"
				label={uiText('realtime')}
				checked={isRealtime}
				onChange={(event) => grid.setRealtime(event.currentTarget.checked)}
			/>
			<Tooltip label={text('refresh')}>
				<ActionIcon
					variant="subtle"
					color="gray"
					c="inherit"
					size={32}
					aria-label={text('refresh')}
					onClick={() => void page.refetch()}
				>
					<IconRefresh
						size={18}
						stroke={1.7}
						className={page.isFetching ? classes.turning : undefined}
					/>
				</ActionIcon>
			</Tooltip>
			<ExcelButton grid={grid} />
			{isPhone ? null : <ColumnsMenu grid={grid} />}
		</div>
	);
}

/** How many rows are ticked, and what can be done with them. */
function Chosen<Row, Reply extends GridReply<Row>>({ grid }: { readonly grid: Grid<Row, Reply> }) {
	const region = useRegion();
	const { chosen, choose, definition } = grid;
	const { copy } = definition;

	async function copyAll(value: (row: Row) => string) {
		try {
			await navigator.clipboard.writeText([...chosen.values()].map(value).join('\n'));
			toastDone(text('copiedChosen', { count: region.number(chosen.size) }));
		} catch {
			toastFault(uiText('copyFailed'));
		}
	}

	return (
		<span className={classes.chosen}>
			<span aria-live="polite">{text('chosen', { count: region.number(chosen.size) })}</span>
			{copy === undefined ? null : (
				<Button size="compact-sm" variant="default" onClick={() => void copyAll(copy.value)}>
					{copy.label}
				</Button>
			)}
			<CloseButton size="sm" aria-label={text('chooseNone')} onClick={() => choose([])} />
		</span>
	);
}

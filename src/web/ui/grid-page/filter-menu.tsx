import {
	ActionIcon,
	Indicator,
	NativeSelect,
	Popover,
	SegmentedControl,
	Tooltip,
} from '@mantine/core';
import { IconAdjustmentsHorizontal, IconFilter } from '@tabler/icons-react';
import classes from './filter-menu.module.css';
import { FilterSelect } from './filter-select.tsx';
import type { GridReply } from './grid.ts';
import { withFilter } from './grid-address.ts';
import { text } from './text.ts';
import type { Grid } from './use-grid.ts';

interface FilterMenuProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	readonly isPhone: boolean;
}

/** The grid's filters; on a phone also its order, which column titles are for elsewhere. */
export function FilterMenu<Row, Reply extends GridReply<Row>>({
	grid,
	isPhone,
}: FilterMenuProps<Row, Reply>) {
	const { definition, address, change } = grid;
	const { filters } = definition;
	if (filters.length === 0 && !isPhone) return null;
	const active = filters.filter(({ name }) => address.filters[name] !== undefined).length;
	const Icon = isPhone ? IconAdjustmentsHorizontal : IconFilter;
	const label = text(isPhone ? 'arrange' : 'filters');
	return (
		<Popover position="bottom-start" shadow="md" width={270} trapFocus returnFocus>
			<Popover.Target>
				<Tooltip label={label}>
					<ActionIcon
						variant="subtle"
						color="gray"
						c="inherit"
						size={32}
						aria-label={active === 0 ? label : text('activeFilters', { label, count: active })}
					>
						<Indicator label={active} size={15} disabled={active === 0} offset={1}>
							<Icon size={18} stroke={1.7} />
						</Indicator>
					</ActionIcon>
				</Tooltip>
			</Popover.Target>
			<Popover.Dropdown className={classes.choices} aria-label={label}>
				{isPhone ? <OrderChoice grid={grid} /> : null}
				{filters.map((filter) => (
					<FilterSelect
						key={filter.name}
						gridKey={definition.key}
						filter={filter}
						value={address.filters[filter.name] ?? null}
						rows={grid.rows}
						onChange={(value) =>
							change({ filters: withFilter(address.filters, filter.name, value), page: 1 })
						}
					/>
				))}
			</Popover.Dropdown>
		</Popover>
	);
}

function OrderChoice<Row, Reply extends GridReply<Row>>({
	grid: { definition, address, change },
}: {
	readonly grid: Grid<Row, Reply>;
}) {
	const sorts = definition.columns.flatMap(({ sort, title }) =>
		sort === undefined ? [] : [{ value: sort, label: title }],
	);
	return (
		<>
			<NativeSelect
				label={text('sortedBy')}
				data={sorts}
				value={address.sort}
				onChange={(event) => change({ sort: event.currentTarget.value, page: 1 })}
			/>
			<SegmentedControl
				fullWidth
				aria-label={text('direction')}
				data={[
					{ value: 'asc' as const, label: text('ascending') },
					{ value: 'desc' as const, label: text('descending') },
				]}
				value={address.direction}
				onChange={(direction) => change({ direction, page: 1 })}
			/>
		</>
	);
}

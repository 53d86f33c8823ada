import { NativeSelect, SegmentedControl } from '@mantine/core';
import { FilterSelect } from './filter-select.tsx';
import type { GridReply } from './grid.ts';
import { withFilter } from './grid-address.ts';
import { text } from './text.ts';
import type { Grid } from './use-grid.ts';

interface FilterChoicesProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	readonly isPhone: boolean;
}

/** What the filter menu holds. */
export function FilterChoices<Row, Reply extends GridReply<Row>>({
	grid,
	isPhone,
}: FilterChoicesProps<Row, Reply>) {
	const { definition, address, change } = grid;
	return (
		<>
			{isPhone ? <OrderChoice grid={grid} /> : null}
			{definition.filters.map((filter) => (
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
		</>
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

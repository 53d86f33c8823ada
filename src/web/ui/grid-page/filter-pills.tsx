import { CloseButton } from '@mantine/core';
import { useOptionLabel } from './filter-options.ts';
import classes from './filter-pills.module.css';
import type { GridFilter, GridReply } from './grid.ts';
import { withFilter } from './grid-address.ts';
import { text } from './text.ts';
import type { Grid } from './use-grid.ts';

interface FilterPillsProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
}

/** The filters that are set, each with what takes it away. */
export function FilterPills<Row, Reply extends GridReply<Row>>({
	grid: { definition, address, change, rows },
}: FilterPillsProps<Row, Reply>) {
	const set = definition.filters.flatMap((filter) => {
		const value = address.filters[filter.name];
		return value === undefined ? [] : [{ filter, value }];
	});
	if (set.length === 0) return null;
	return (
		<ul className={classes.pills} aria-label={text('filters')}>
			{set.map(({ filter, value }) => (
				<Pill
					key={filter.name}
					gridKey={definition.key}
					filter={filter}
					value={value}
					rows={rows}
					onRemove={() =>
						change({ filters: withFilter(address.filters, filter.name, ''), page: 1 })
					}
				/>
			))}
		</ul>
	);
}

interface PillProps<Row> {
	readonly gridKey: string;
	readonly filter: GridFilter<Row>;
	readonly value: string;
	readonly rows: readonly Row[];
	readonly onRemove: () => void;
}

function Pill<Row>({ gridKey, filter, value, rows, onRemove }: PillProps<Row>) {
	const label = useOptionLabel(gridKey, filter, value, rows);
	return (
		<li className={classes.pill}>
			<span className={classes.filter}>{filter.label}</span>
			<span className={classes.value}>{label}</span>
			<CloseButton
				size="xs"
				aria-label={text('removeFilter', { filter: filter.label })}
				onClick={onRemove}
			/>
		</li>
	);
}

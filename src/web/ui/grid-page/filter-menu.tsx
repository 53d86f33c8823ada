import { Indicator } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconFilter } from '@tabler/icons-react';
import { later } from '#web/later.ts';
import classes from './filter-menu.module.css';
import type { GridReply } from './grid.ts';
import { text } from './text.ts';
import { ToolbarMenu } from './toolbar-menu.tsx';
import type { Grid } from './use-grid.ts';

const choices = later(() => import('./filter-choices.tsx'));

interface FilterMenuProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	readonly isPhone: boolean;
}

/** The grid's filters; on a phone also its order, which column titles are for elsewhere. */
export function FilterMenu<Row, Reply extends GridReply<Row>>({
	grid,
	isPhone,
}: FilterMenuProps<Row, Reply>) {
	const { filters } = grid.definition;
	if (filters.length === 0 && !isPhone) return null;
	const active = filters.filter(({ name }) => grid.address.filters[name] !== undefined).length;
	const Icon = isPhone ? IconAdjustmentsHorizontal : IconFilter;
	const label = text(isPhone ? 'arrange' : 'filters');
	return (
		<ToolbarMenu
			label={label}
			buttonLabel={active === 0 ? label : text('activeFilters', { label, count: active })}
			icon={
				<Indicator
					label={active}
					size={14}
					disabled={active === 0}
					offset={2}
					classNames={{ indicator: classes.count }}
				>
					<Icon size={18} stroke={1.7} />
				</Indicator>
			}
			position="bottom-start"
			className={classes.choices}
			code={choices}
		>
			{({ FilterChoices }) => <FilterChoices grid={grid} isPhone={isPhone} />}
		</ToolbarMenu>
	);
}

import { ActionIcon, Button, Checkbox, Popover, SegmentedControl, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react';
import { densities, inOrder, isShown, unarranged, withMoved, withShown } from './arrangement.ts';
import classes from './columns-menu.module.css';
import type { GridReply } from './grid.ts';
import { text } from './text.ts';
import type { Grid } from './use-grid.ts';

interface ColumnsMenuProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
}

/** Which columns there are, in which order, and how close the rows stand: kept for the person, on every computer. */
export function ColumnsMenu<Row, Reply extends GridReply<Row>>({
	grid: { definition, arrangement, arrange },
}: ColumnsMenuProps<Row, Reply>) {
	if (arrangement === null) return null;
	const { columns } = definition;
	const movable = inOrder(columns, arrangement).slice(1);
	return (
		<Popover position="bottom-end" shadow="md" width={300} trapFocus returnFocus>
			<Popover.Target>
				<Tooltip label={text('columns')}>
					<ActionIcon
						variant="subtle"
						color="gray"
						c="inherit"
						size={32}
						aria-label={text('columns')}
					>
						<IconColumns3 size={18} stroke={1.7} />
					</ActionIcon>
				</Tooltip>
			</Popover.Target>
			<Popover.Dropdown aria-label={text('columns')}>
				<SegmentedControl
					fullWidth
					aria-label={text('density')}
					data={densities.map((value) => ({ value, label: text(value) }))}
					value={arrangement.density}
					onChange={(density) => arrange({ ...arrangement, density })}
				/>
				<ul className={classes.columns}>
					{movable.map((column, place) => (
						<li key={column.key} className={classes.column}>
							<Checkbox
								size="xs"
								className={classes.name}
								label={column.title}
								checked={isShown(column, arrangement)}
								onChange={(event) =>
									arrange(withShown(arrangement, column, event.currentTarget.checked))
								}
							/>
							<ActionIcon
								variant="subtle"
								color="gray"
								size={24}
								aria-label={text('moveUp', { column: column.title })}
								disabled={place === 0}
								onClick={() => arrange(withMoved(columns, arrangement, column.key, -1))}
							>
								<IconArrowUp size={15} stroke={1.8} />
							</ActionIcon>
							<ActionIcon
								variant="subtle"
								color="gray"
								size={24}
								aria-label={text('moveDown', { column: column.title })}
								disabled={place === movable.length - 1}
								onClick={() => arrange(withMoved(columns, arrangement, column.key, 1))}
							>
								<IconArrowDown size={15} stroke={1.8} />
							</ActionIcon>
						</li>
					))}
				</ul>
				<Button fullWidth variant="default" onClick={() => arrange(unarranged)}>
					{text('asItComes')}
				</Button>
			</Popover.Dropdown>
		</Popover>
	);
}

import { ActionIcon, Button, Checkbox, SegmentedControl } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
	type Arrangement,
	densities,
	inOrder,
	isShown,
	unarranged,
	withMoved,
	withShown,
} from './arrangement.ts';
import classes from './columns-menu.module.css';
import type { GridColumn } from './grid.ts';
import { text } from './text.ts';

interface ColumnsChoicesProps<Row> {
	readonly columns: readonly GridColumn<Row>[];
	readonly arrangement: Arrangement;
	readonly arrange: (arrangement: Arrangement) => void;
}

/** What the menu of the columns holds. */
export function ColumnsChoices<Row>({ columns, arrangement, arrange }: ColumnsChoicesProps<Row>) {
	const movable = inOrder(columns, arrangement).slice(1);
	return (
		<>
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
			<Button
				fullWidth
				variant="default"
				onClick={() => arrange({ ...unarranged, pageSize: arrangement.pageSize })}
			>
				{text('asItComes')}
			</Button>
		</>
	);
}

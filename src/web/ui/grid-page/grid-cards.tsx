import { UnstyledButton } from '@mantine/core';
import type { GridReply } from './grid.ts';
import classes from './grid-cards.module.css';
import type { Grid } from './use-grid.ts';

interface GridCardsProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	readonly onOpen: (row: Row) => void;
}

/** The rows on a phone: what matters most of each, one below the other. */
export function GridCards<Row, Reply extends GridReply<Row>>({
	grid,
	onOpen,
}: GridCardsProps<Row, Reply>) {
	const { label, rowKey, isStale, card, detail } = grid.definition;
	return (
		<ul className={classes.cards} aria-label={label}>
			{grid.rows.map((row) => (
				<li key={rowKey(row)} data-row-key={rowKey(row)}>
					<UnstyledButton
						className={classes.card}
						component={detail === undefined ? 'div' : 'button'}
						data-stale={isStale?.(row) || undefined}
						aria-current={rowKey(row) === grid.address.row ? 'true' : undefined}
						onClick={() => detail && onOpen(row)}
					>
						{card(row)}
					</UnstyledButton>
				</li>
			))}
		</ul>
	);
}

import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsVertical, IconArrowUp } from '@tabler/icons-react';
import classes from './sort-header.module.css';
import { text } from './text.ts';

export type SortDirection = 'asc' | 'desc';

interface SortHeaderProps {
	readonly label: string;
	/** Null when the grid is sorted by another column. */
	readonly direction: SortDirection | null;
	readonly onSort: () => void;
}

/** The title of a column by which the grid can be sorted. */
export function SortHeader({ label, direction, onSort }: SortHeaderProps) {
	return (
		<UnstyledButton
			className={classes.header}
			data-sorted={direction ?? undefined}
			aria-label={nameOf(label, direction)}
			onClick={onSort}
		>
			{label}
			<SortIcon direction={direction} />
		</UnstyledButton>
	);
}

function SortIcon({ direction }: { direction: SortDirection | null }) {
	if (direction === 'asc') return <IconArrowUp size={14} stroke={1.9} aria-hidden />;
	if (direction === 'desc') return <IconArrowDown size={14} stroke={1.9} aria-hidden />;
	return <IconArrowsVertical size={14} stroke={1.5} className={classes.idle} aria-hidden />;
}

function nameOf(label: string, direction: SortDirection | null): string {
	if (direction === 'asc') return text('sortedAscending', { column: label });
	if (direction === 'desc') return text('sortedDescending', { column: label });
	return text('sortBy', { column: label });
}

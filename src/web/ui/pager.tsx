import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useRegion } from '#web/text/region.tsx';
import classes from './pager.module.css';
import { text } from './text.ts';

interface PagerProps {
	readonly page: number;
	readonly pageSize: number;
	readonly pageSizes: readonly number[];
	/** How many rows the page shows. */
	readonly rows: number;
	readonly total: number;
	/** False when there are at least `total`, and nobody counted further. */
	readonly isExact: boolean;
	readonly onPage: (page: number) => void;
	readonly onPageSize: (pageSize: number) => void;
}

/** "1-30 of 8,030 items", rows per page, and the way to the next page. */
export function Pager({
	page,
	pageSize,
	pageSizes,
	rows,
	total,
	isExact,
	onPage,
	onPageSize,
}: PagerProps) {
	const region = useRegion();
	const pages = Math.max(1, Math.ceil(total / pageSize));
	const from = (page - 1) * pageSize + 1;
	const to = isExact ? Math.min(page * pageSize, total) : from + rows - 1;
	const isLast = isExact ? page >= pages : rows < pageSize;
	const range =
		total === 0
			? text('noItems')
			: text('pageRange', {
					from: region.number(from),
					to: region.number(to),
					total: `${region.number(total)}${isExact ? '' : '+'}`,
				});
	return (
		<nav className={classes.pager} aria-label={text('pager')}>
			<span className={classes.range} aria-live="polite">
				{range}
			</span>
			<span className={classes.rows}>
				<span>{text('rows')}</span>
				<NativeSelect
					aria-label={text('rowsPerPage')}
					data={pageSizes.map(String)}
					value={String(pageSize)}
					w={72}
					onChange={(event) => onPageSize(Number(event.currentTarget.value))}
				/>
			</span>
			<ActionIcon
				variant="default"
				size={30}
				aria-label={text('previousPage')}
				disabled={page <= 1}
				onClick={() => onPage(page - 1)}
			>
				<IconChevronLeft size={17} className={classes.chevron} />
			</ActionIcon>
			<span className={classes.position}>
				{text('pageOf', {
					page: region.number(page),
					pages: `${region.number(pages)}${isExact ? '' : '+'}`,
				})}
			</span>
			<ActionIcon
				variant="default"
				size={30}
				aria-label={text('nextPage')}
				disabled={isLast}
				onClick={() => onPage(page + 1)}
			>
				<IconChevronRight size={17} className={classes.chevron} />
			</ActionIcon>
		</nav>
	);
}

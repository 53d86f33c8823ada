import { Skeleton } from '@mantine/core';
import classes from './page-skeleton.module.css';

/** While a page's code is loading. */
export function PageSkeleton() {
	return (
		<div className={classes.page} aria-busy>
			<Skeleton height={32} width="min(720px, 100%)" />
			<Skeleton className={classes.card} />
		</div>
	);
}

import { useRegion } from '#web/text/region.tsx';
import classes from './count.module.css';
import { text } from './text.ts';

interface CountProps {
	/** Null for who does not see it. */
	readonly value: number | null;
}

/** How many there are, as the organization writes numbers. */
export function Count({ value }: CountProps) {
	const region = useRegion();
	return (
		<bdi className={classes.count} dir="ltr">
			{value === null ? text('none') : region.number(value)}
		</bdi>
	);
}

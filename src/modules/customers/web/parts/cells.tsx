import { useRegion } from '#web/text/region.tsx';
import { text } from '../text.ts';
import classes from './cells.module.css';

interface DataProps {
	/** Null when there is none. */
	readonly value: string | null;
}

/** What a person wrote reads in its own direction. */
export function Data({ value }: DataProps) {
	return <bdi>{value ?? text('none')}</bdi>;
}

interface CountProps {
	/** Null for who does not see it. */
	readonly count: number | null;
}

export function CountCell({ count }: CountProps) {
	const region = useRegion();
	return (
		<span className={classes.number}>{count === null ? text('none') : region.number(count)}</span>
	);
}

import { text } from '../text.ts';
import classes from './data.module.css';

interface DataProps {
	/** Null when there is none. */
	readonly value: string | null;
}

/** Data are written left to right in every language. */
export function Data({ value }: DataProps) {
	return <span className={classes.data}>{value ?? text('none')}</span>;
}

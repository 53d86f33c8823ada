import type { ReactNode } from 'react';
import classes from './fact-list.module.css';

interface FactListProps {
	readonly children: ReactNode;
}

/** Names and values, one pair a line. */
export function FactList({ children }: FactListProps) {
	return <dl className={classes.list}>{children}</dl>;
}

interface FactProps {
	readonly label: string;
	readonly children: ReactNode;
}

/** One pair of a {@link FactList}. */
export function Fact({ label, children }: FactProps) {
	return (
		<div className={classes.fact}>
			<dt className={classes.label}>{label}</dt>
			<dd className={classes.value}>{children}</dd>
		</div>
	);
}

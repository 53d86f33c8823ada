import type { ReactNode } from 'react';
import classes from './row-card.module.css';

interface RowCardProps {
	readonly name: ReactNode;
	/** Beside the name: what it has come to. */
	readonly state: ReactNode;
	/** {@link CardDim} in pairs, and {@link CardLine}. */
	readonly children: ReactNode;
}

/** A row of a grid on a phone: its name and state, and below what matters most. */
export function RowCard({ name, state, children }: RowCardProps) {
	return (
		<span className={classes.card}>
			<span className={classes.name}>{name}</span>
			{state}
			{children}
		</span>
	);
}

interface CardPartProps {
	readonly children: ReactNode;
}

/** One of two beside each other. */
export function CardDim({ children }: CardPartProps) {
	return <span className={classes.dim}>{children}</span>;
}

/** A whole line. */
export function CardLine({ children }: CardPartProps) {
	return <span className={classes.whole}>{children}</span>;
}

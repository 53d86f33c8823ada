import type { ReactNode } from 'react';
import { LiveValue } from './live-value.tsx';
import { text } from './text.ts';
import classes from './tile.module.css';

interface TileProps {
	readonly label: string;
	/** Null when the device never said. */
	readonly value: string | null;
	readonly unit?: ReactNode;
}

/** One live value, large, with its unit. */
export function Tile({ label, value, unit }: TileProps) {
	return (
		<div className={classes.tile}>
			<dt className={classes.label}>{label}</dt>
			<dd className={classes.value}>
				<LiveValue value={value}>
					{value ?? text('none')}
					{value === null || unit === undefined ? null : (
						<span className={classes.unit}>{unit}</span>
					)}
				</LiveValue>
			</dd>
		</div>
	);
}

/** Tiles, three beside each other. */
export function Tiles({ children }: { readonly children: ReactNode }) {
	return <dl className={classes.tiles}>{children}</dl>;
}

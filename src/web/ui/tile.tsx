import type { ReactNode } from 'react';
import { LiveValue } from './live-value.tsx';
import { text } from './text.ts';
import classes from './tile.module.css';

interface TileProps {
	readonly label: string;
	/** Null when the device never said. */
	readonly value: string | null;
	readonly unit?: ReactNode;
	/** Below the value. */
	readonly note?: ReactNode;
}

/** One live value, large, with its unit. */
export function Tile({ label, value, unit, note }: TileProps) {
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
			{note ? <dd className={classes.note}>{note}</dd> : null}
		</div>
	);
}

interface TilesProps {
	/** As many beside each other as there is room for, instead of three. */
	readonly fill?: boolean;
	/** The device is silent: these are its last words. */
	readonly isStale?: boolean;
	readonly children: ReactNode;
}

/** Tiles beside each other. */
export function Tiles({ fill, isStale, children }: TilesProps) {
	return (
		<dl className={classes.tiles} data-fill={fill || undefined} data-stale={isStale || undefined}>
			{children}
		</dl>
	);
}

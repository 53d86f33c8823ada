import { useRegion } from '#web/text/region.tsx';
import { Data } from '#web/ui/data.tsx';
import { Tile, Tiles } from '#web/ui/tile.tsx';
import type { Track } from '../../contract.ts';
import { lastKnown, positionAt } from '../route.ts';
import { text } from '../text.ts';
import classes from './point-readout.module.css';

interface PointReadoutProps {
	readonly track: Track;
	readonly place: number;
	readonly gapMs: number;
}

/** What the device said at one place of the route. */
export function PointReadout({ track, place, gapMs }: PointReadoutProps) {
	const region = useRegion();
	const position = positionAt(track, place);
	const write = (column: readonly (number | null)[], decimals: number) => {
		const value = lastKnown(track, column, place, gapMs);
		return value === null ? null : region.number(value, decimals);
	};
	return (
		<div className={classes.readout}>
			<p className={classes.time}>
				<Data value={region.clockSeconds(track.atMs[place] ?? 0)} />
			</p>
			<Tiles>
				<Tile label={text('speed')} value={write(track.speedKmh, 0)} unit={text('unitSpeed')} />
				<Tile label={text('soc')} value={write(track.socPct, 1)} unit={text('unitPercent')} />
			</Tiles>
			<p className={classes.position}>
				<Data
					value={
						position === null ? null : `${position.lat.toFixed(5)}, ${position.lon.toFixed(5)}`
					}
				/>
			</p>
		</div>
	);
}

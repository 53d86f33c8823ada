import type { Point, Size } from '#web/map/flat-camera.ts';
import { useRegion } from '#web/text/region.tsx';
import type { Track } from '../../contract.ts';
import { lastKnown } from '../route.ts';
import { text } from '../text.ts';
import classes from './route-bubble.module.css';

interface RouteBubbleProps {
	readonly track: Track;
	readonly gapMs: number;
	readonly place: number;
	readonly point: Point;
	readonly size: Size;
}

/** What the device said at the point under the pointer, beside it; the panel beside the map says it to everyone. */
export function RouteBubble({ track, gapMs, place, point, size }: RouteBubbleProps) {
	const region = useRegion();
	const write = (column: readonly (number | null)[]) => {
		const value = lastKnown(track, column, place, gapMs);
		return value === null ? text('none') : region.number(value);
	};
	const [toX, gapX] = point.x > size.widthPx / 2 ? ['-100%', -12] : ['0', 12];
	const [toY, gapY] = point.y > size.heightPx / 2 ? ['-100%', -12] : ['0', 12];
	return (
		<span
			aria-hidden
			className={classes.bubble}
			style={{
				transform: `translate(${point.x + gapX}px, ${point.y + gapY}px) translate(${toX}, ${toY})`,
			}}
		>
			{text('playbackAt', {
				time: region.clockSeconds(track.atMs[place] ?? 0),
				speed: write(track.speedKmh),
				soc: write(track.socPct),
			})}
		</span>
	);
}

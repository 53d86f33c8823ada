import { useRegion } from '#web/text/region.tsx';
import { rateSpanMinutes } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './message-rate.module.css';

const spanMs = rateSpanMinutes * 60_000;

/** When the span began that is under way at an instant. */
export function spanBeganAt(atMs: number): number {
	return Math.floor(atMs / spanMs) * spanMs;
}

interface MessageRateProps {
	/** Oldest first; the last span is under way. */
	readonly counts: readonly number[];
	readonly asOfMs: number;
}

/** How many messages came in each span of the last hour. */
export function MessageRate({ counts, asOfMs }: MessageRateProps) {
	const region = useRegion();
	const most = Math.max(1, ...counts);
	const lastFromMs = spanBeganAt(asOfMs);
	return (
		<ol className={classes.rate} aria-label={text('perHour')}>
			{counts.map((count, place) => {
				const fromMs = lastFromMs - (counts.length - 1 - place) * spanMs;
				const label = text('rateOf', {
					from: region.clock(fromMs),
					to: region.clock(fromMs + spanMs),
					count: region.number(count),
				});
				return (
					<li key={fromMs} title={label}>
						<span className={classes.bar} style={{ blockSize: `${(100 * count) / most}%` }} />
						<span className={classes.words}>{label}</span>
					</li>
				);
			})}
		</ol>
	);
}

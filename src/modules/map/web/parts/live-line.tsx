import { useEverySecond } from '#web/clock/use-every-second.ts';
import { useFeedState } from '#web/live/feed.tsx';
import { ageText } from '#web/text/age.ts';
import { useRegion } from '#web/text/region.tsx';
import { text } from '../text.ts';
import classes from './live-line.module.css';

/** Whether what is on the map is what the server knows, and how much of it moves. */
export function LiveLine({ perSecond }: { readonly perSecond: number }) {
	const feed = useFeedState();
	const region = useRegion();
	const isLive = feed.phase === 'open' && !feed.isSilent && feed.databaseDownAtMs === null;
	const age = useEverySecond(() => ageText(Date.now() - (feed.lastWordAtMs ?? Date.now())));
	return (
		<span className={classes.line} data-late={!isLive || undefined}>
			<span className={classes.dot} aria-hidden="true" />
			{isLive
				? perSecond === 0
					? text('liveQuiet')
					: text('live', { rate: region.number(perSecond) })
				: text('late', { age })}
		</span>
	);
}

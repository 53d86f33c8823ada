import { useEverySecond } from '#web/clock/use-every-second.ts';
import type { FeedState } from '#web/live/client.ts';
import { useFeedState } from '#web/live/feed.tsx';
import { ageText } from '#web/text/age.ts';
import classes from './freshness.module.css';
import { text } from './text.ts';

interface FreshnessProps {
	/** Whether the page wants live changes; without them it is as old as its last reading. */
	readonly isRealtime: boolean;
	/** When the page last read its data (browser's clock, epoch milliseconds); 0 if never. */
	readonly readAtMs: number;
	/** The last reading failed: what is shown is older, whatever the feed says. */
	readonly hasFailed: boolean;
}

/** How fresh what is shown is: green while the feed beats, amber when it does not, and how old in words. */
export function Freshness(props: FreshnessProps) {
	const feed = useFeedState();
	const isWell = isBeating(feed) && props.readAtMs > 0 && !props.hasFailed;
	const words = useEverySecond(() => wordsFor(feed, props, Date.now()));
	return (
		<span
			className={classes.freshness}
			data-state={props.isRealtime ? (isWell ? 'live' : 'late') : 'paused'}
		>
			<span className={classes.dot} aria-hidden="true" />
			{words}
		</span>
	);
}

function isBeating(feed: FeedState): boolean {
	return feed.phase === 'open' && !feed.isSilent && feed.databaseDownAtMs === null;
}

function wordsFor(feed: FeedState, props: FreshnessProps, nowMs: number): string {
	const { isRealtime, readAtMs, hasFailed } = props;
	if (!isRealtime) return text('paused');
	if (readAtMs === 0) return '';
	// A beat says that nothing has changed that is not shown.
	const confirmedAtMs = hasFailed ? 0 : (feed.databaseDownAtMs ?? feed.lastWordAtMs ?? 0);
	return text('updated', { age: ageText(nowMs - Math.max(readAtMs, confirmedAtMs)) });
}

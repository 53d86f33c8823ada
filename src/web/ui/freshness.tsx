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
}

/** How fresh what is shown is: green while the feed beats, amber when it does not, and how old in words. */
export function Freshness({ isRealtime, readAtMs }: FreshnessProps) {
	const feed = useFeedState();
	const isWell = feed.phase === 'open' && !feed.isSilent && feed.databaseDownAtMs === null;
	const words = useEverySecond(() => wordsFor(feed, isRealtime, readAtMs, Date.now()));
	return (
		<span
			className={classes.freshness}
			data-state={isRealtime ? (isWell ? 'live' : 'late') : 'paused'}
		>
			<span className={classes.dot} aria-hidden="true" />
			{words}
		</span>
	);
}

function wordsFor(feed: FeedState, isRealtime: boolean, readAtMs: number, nowMs: number): string {
	if (!isRealtime) return text('paused');
	const knownAtMs = Math.max(readAtMs, feed.databaseDownAtMs ?? feed.lastWordAtMs ?? 0);
	return knownAtMs === 0
		? text('connecting')
		: text('updated', { age: ageText(nowMs - knownAtMs) });
}

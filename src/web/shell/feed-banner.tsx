import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEverySecond } from '#web/clock/use-every-second.ts';
import type { FeedState } from '#web/live/client.ts';
import { useFeedState } from '#web/live/feed.tsx';
import { type Region, useRegion } from '#web/text/region.tsx';
import classes from './feed-banner.module.css';
import { text } from './text.ts';

const patienceMs = 10_000;

/** Over every page while what it shows may be out of date; it goes by itself when the feed is back. */
export function FeedBanner() {
	const feed = useFeedState();
	const region = useRegion();
	const sentence = useEverySecond(() => sentenceOf(feed, region, Date.now()));
	return (
		<div role="status">
			{sentence === '' ? null : (
				<div className={classes.banner}>
					<IconPlugConnectedX size={18} stroke={1.7} aria-hidden />
					{sentence}
				</div>
			)}
		</div>
	);
}

function sentenceOf(feed: FeedState, region: Region, nowMs: number): string {
	const knownAt = feed.lastWordAtMs === null ? null : region.clock(feed.lastWordAtMs);
	if (feed.lostAtMs !== null && nowMs - feed.lostAtMs > patienceMs) {
		return knownAt === null ? text('lostFeedAtOnce') : text('lostFeed', { clock: knownAt });
	}
	if (feed.databaseDownAtMs !== null) {
		return text('databaseDown', { clock: region.clock(feed.databaseDownAtMs) });
	}
	return '';
}

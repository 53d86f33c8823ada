import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useRegion } from '#web/text/region.tsx';
import { replayQuery } from '../queries.ts';
import { text } from '../text.ts';
import classes from './replay-progress.module.css';

interface ReplayProgressProps {
	/** Called when a replay that was running has ended. */
	readonly onDone: () => void;
}

/** How far the newest replay has come. */
export function ReplayProgress({ onDone }: ReplayProgressProps) {
	const region = useRegion();
	const { data } = useQuery(replayQuery);
	const replay = data?.replay ?? null;
	const isRunning = replay?.state === 'running';
	// A short one is done before anybody sees it run.
	const ended = replay === null || isRunning ? null : replay.startedAtMs;
	const lastEnded = useRef<number | null | undefined>(undefined);
	useEffect(() => {
		if (data === undefined) return;
		if (lastEnded.current !== undefined && ended !== null && ended !== lastEnded.current) onDone();
		lastEnded.current = ended;
	}, [data, ended, onDone]);
	if (replay === null) return null;

	const { state, stored, failed, skipped, startedAtMs, startedBy } = replay;
	const done = stored + failed + skipped;
	const counts = { done: region.number(done), total: region.number(replay.total) };
	return (
		<div className={classes.progress} role="status">
			<strong>{text(state, counts)}</strong>
			<span className={classes.outcome}>
				{text('outcome', {
					stored: region.number(stored),
					failed: region.number(failed),
					skipped: region.number(skipped),
					who: startedBy,
					at: region.instant(startedAtMs),
				})}
			</span>
			{isRunning ? (
				<Progress
					className={classes.bar}
					value={(100 * done) / Math.max(1, replay.total)}
					aria-label={text('progress')}
				/>
			) : null}
		</div>
	);
}

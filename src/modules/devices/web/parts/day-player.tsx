import { useMemo, useState } from 'react';
import type { TrackReply } from '../../contract.ts';
import { placeAt } from '../playback.ts';
import { routeOf } from '../route.ts';
import { lineOf } from '../series-line.ts';
import { usePlayback } from '../use-playback.ts';
import { Chart } from './chart.tsx';
import { DayDetails } from './day-details.tsx';
import classes from './day-player.module.css';
import { PlaybackControls } from './playback-controls.tsx';
import { PointReadout } from './point-readout.tsx';
import { RouteView } from './route-view.tsx';

interface DayPlayerProps {
	readonly day: string;
	readonly reply: TrackReply;
}

/** A day's route with what the device said along it: pointed at, stepped through or played. */
export function DayPlayer({ day, reply }: DayPlayerProps) {
	const { track, gapMs } = reply;
	const route = useMemo(() => routeOf(track, gapMs), [track, gapMs]);
	const playback = usePlayback(track.atMs, gapMs);
	const [pointedAt, setPointedAt] = useState<number | null>(null);
	const place = pointedAt ?? playback.place;
	const firstMs = track.atMs[0] ?? reply.fromMs;
	const lastMs = track.atMs.at(-1) ?? reply.toMs;
	const charts = useMemo(
		() =>
			(['speed_kmh', 'soc_pct'] as const).map((field) => ({
				field,
				line: lineOf(
					{ atMs: track.atMs, values: field === 'speed_kmh' ? track.speedKmh : track.socPct },
					gapMs,
				),
			})),
		[track, gapMs],
	);
	const pointAtInstant = (atMs: number | null) =>
		setPointedAt(atMs === null ? null : placeAt(track.atMs, atMs));
	return (
		<div className={classes.columns}>
			<div className={classes.column}>
				<RouteView
					day={day}
					track={track}
					route={route}
					gapMs={gapMs}
					place={playback.place}
					pointedAt={pointedAt}
					onPoint={setPointedAt}
					onChoose={(chosen) => {
						playback.pause();
						playback.goTo(chosen);
					}}
				/>
				<PlaybackControls playback={playback} track={track} gapMs={gapMs} />
				{charts.map(({ field, line }) => (
					<Chart
						key={field}
						field={field}
						line={line}
						fromMs={firstMs}
						toMs={Math.max(lastMs, firstMs + 1)}
						syncKey="track"
						markAtMs={track.atMs[place] ?? null}
						onPoint={pointAtInstant}
					/>
				))}
			</div>
			<div className={classes.column}>
				<PointReadout track={track} place={place} gapMs={gapMs} />
				<DayDetails reply={reply} route={route} />
			</div>
		</div>
	);
}

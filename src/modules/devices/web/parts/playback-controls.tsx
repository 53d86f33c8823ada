import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useKeys } from '#web/keys/use-keys.ts';
import { useRegion } from '#web/text/region.tsx';
import type { Track } from '../../contract.ts';
import { playbackFactors } from '../playback.ts';
import { lastKnown } from '../route.ts';
import { text } from '../text.ts';
import type { Playback } from '../use-playback.ts';
import classes from './playback-controls.module.css';

interface PlaybackControlsProps {
	readonly playback: Playback;
	readonly track: Track;
	readonly gapMs: number;
}

/** Play, speed, and a slider whose arrow keys step from reading to reading. */
export function PlaybackControls({ playback, track, gapMs }: PlaybackControlsProps) {
	const region = useRegion();
	const { place, isPlaying, factor } = playback;
	const name = text(isPlaying ? 'pause' : 'play');
	const toggle = isPlaying ? playback.pause : playback.play;
	useKeys([{ key: ' ', what: text('playOrPause'), run: toggle }]);
	const write = (column: readonly (number | null)[]) => {
		const value = lastKnown(track, column, place, gapMs);
		return value === null ? text('none') : region.number(value);
	};
	const time = region.clockSeconds(track.atMs[place] ?? 0);
	return (
		<div className={classes.controls}>
			<Tooltip label={name}>
				<ActionIcon size={36} radius={18} aria-label={name} onClick={toggle}>
					{isPlaying ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
				</ActionIcon>
			</Tooltip>
			<input
				type="range"
				className={classes.slider}
				aria-label={text('playbackPosition')}
				aria-valuetext={text('playbackAt', {
					time,
					speed: write(track.speedKmh),
					soc: write(track.socPct),
				})}
				min={0}
				max={Math.max(0, track.atMs.length - 1)}
				value={place}
				onChange={(event) => {
					playback.pause();
					playback.goTo(event.currentTarget.valueAsNumber);
				}}
			/>
			<span className={classes.time}>{time}</span>
			<SegmentedControl
				size="xs"
				aria-label={text('speedFactor')}
				data={playbackFactors.map((each) => ({
					value: String(each),
					label: text('times', { factor: each }),
				}))}
				value={String(factor)}
				onChange={(value) => {
					const chosen = playbackFactors.find((each) => String(each) === value);
					if (chosen) playback.setFactor(chosen);
				}}
			/>
		</div>
	);
}

import { useEffect, useState } from 'react';
import { advance, type PlaybackFactor, placeAt } from './playback.ts';

export interface Playback {
	/** Place in the track that is shown. */
	readonly place: number;
	readonly isPlaying: boolean;
	readonly factor: PlaybackFactor;
	/** Goes on; from the end it begins anew. */
	play(): void;
	pause(): void;
	goTo(place: number): void;
	setFactor(factor: PlaybackFactor): void;
}

/** Plays recorded instants in their own time, some times faster, without the silence between them. */
export function usePlayback(instantsMs: readonly number[], gapMs: number): Playback {
	const [atMs, setAtMs] = useState(instantsMs[0] ?? 0);
	const [isPlaying, setIsPlaying] = useState(false);
	const [factor, setFactor] = useState<PlaybackFactor>(10);
	const endMs = instantsMs.at(-1) ?? 0;

	useEffect(() => {
		if (!isPlaying) return;
		let drawnAtMs = performance.now();
		let request = requestAnimationFrame(function draw(nowMs) {
			const playedMs = Math.max(0, nowMs - drawnAtMs) * factor;
			drawnAtMs = nowMs;
			setAtMs((before) => advance(instantsMs, before, playedMs, gapMs));
			request = requestAnimationFrame(draw);
		});
		return () => cancelAnimationFrame(request);
	}, [isPlaying, factor, instantsMs, gapMs]);
	useEffect(() => {
		if (atMs >= endMs) setIsPlaying(false);
	}, [atMs, endMs]);

	return {
		place: placeAt(instantsMs, atMs),
		isPlaying,
		factor,
		play() {
			if (atMs >= endMs) setAtMs(instantsMs[0] ?? 0);
			setIsPlaying(true);
		},
		pause: () => setIsPlaying(false),
		goTo: (place) => setAtMs(instantsMs[place] ?? 0),
		setFactor,
	};
}

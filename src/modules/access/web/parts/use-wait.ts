import { useState } from 'react';
import { useEverySecond } from '#web/clock/use-every-second.ts';

interface Wait {
	/** Seconds left; 0 when there is nothing to wait for. */
	readonly seconds: number;
	start(seconds: number): void;
}

/** Counts down to the moment from which another attempt is allowed. */
export function useWait(): Wait {
	const [untilMs, setUntilMs] = useState(0);
	const seconds = useEverySecond(() => Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000)));
	return { seconds, start: (length) => setUntilMs(Date.now() + length * 1_000) };
}

import { serverNowMs } from '#web/clock/server-clock.ts';
import { useEverySecond } from '#web/clock/use-every-second.ts';
import { ageText } from '#web/text/age.ts';

interface AgeProps {
	/** Server time, epoch milliseconds. */
	readonly atMs: number;
}

/** How long ago something was; grows by itself. */
export function Age({ atMs }: AgeProps) {
	return useEverySecond(() => ageText(serverNowMs() - atMs));
}

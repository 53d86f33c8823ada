/** About a day, after which somebody has to look. */
export const mostAttempts = 14;
const firstPauseSeconds = 30;
const longestPauseSeconds = 4 * 3600;

/** Seconds until the next attempt after this many; null when there is none. */
export function pauseAfter(attempts: number): number | null {
	if (attempts >= mostAttempts) return null;
	return Math.min(firstPauseSeconds * 2 ** (attempts - 1), longestPauseSeconds);
}

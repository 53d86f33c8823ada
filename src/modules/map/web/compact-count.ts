/** A count short enough for a bubble: `981`, `1.4k`, `12k`, `3.1M`. Rounded down, so that it never says too much. */
export function compactCount(count: number): string {
	if (count < 1_000) return String(count);
	if (count < 1_000_000) return `${shortened(count / 1_000)}k`;
	return `${shortened(count / 1_000_000)}M`;
}

function shortened(value: number): string {
	return String(value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value));
}

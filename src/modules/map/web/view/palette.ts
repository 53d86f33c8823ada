import { statuses } from '#contract/status.ts';

/** Colours in which the canvas parts are drawn; they follow the page's tokens. */
export interface Palette {
	/** By the statuses' places. */
	readonly statuses: readonly string[];
	readonly panel: string;
	readonly text: string;
	readonly accent: string;
}

/** Reads the tokens of the scheme that the page shows now. */
export function readPalette(): Palette {
	const style = getComputedStyle(document.documentElement);
	const token = (name: string) => style.getPropertyValue(name).trim();
	return {
		statuses: statuses.map((status) => token(`--status-${status.replaceAll('_', '-')}`)),
		panel: token('--surface-panel'),
		text: token('--text-strong'),
		accent: token('--accent'),
	};
}

/** `#rrggbb`, or `#rgb` as a build may shorten it, as three numbers from 0 to 1. */
export function rgbOf(hex: string): [number, number, number] {
	const digits = hex.slice(1);
	const pairs = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
	const value = Number.parseInt(pairs, 16);
	return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/**
 * A colour by perceived lightness (0 to 1), chroma and hue (radians): the polar form of Oklab.
 * Source: Björn Ottosson, "A perceptual color space for image processing", 2020.
 */
export interface Oklch {
	readonly lightness: number;
	readonly chroma: number;
	readonly hue: number;
}

type Triple = readonly [number, number, number];

const lmsOfLinear: readonly Triple[] = [
	[0.4122214708, 0.5363325363, 0.0514459929],
	[0.2119034982, 0.6806995451, 0.1073969566],
	[0.0883024619, 0.2817188376, 0.6299787005],
];
const oklabOfRoots: readonly Triple[] = [
	[0.2104542553, 0.793617785, -0.0040720468],
	[1.9779984951, -2.428592205, 0.4505937099],
	[0.0259040371, 0.7827717662, -0.808675766],
];
const rootsOfOklab: readonly Triple[] = [
	[1, 0.3963377774, 0.2158037573],
	[1, -0.1055613458, -0.0638541728],
	[1, -0.0894841775, -1.291485548],
];
const linearOfLms: readonly Triple[] = [
	[4.0767416621, -3.3077115913, 0.2309699292],
	[-1.2684380046, 2.6097574011, -0.3413193965],
	[-0.0041960863, -0.7034186147, 1.707614701],
];

/** Parts of linear light may miss 0 to 1 by this much, which rounds to the same eight bits. */
const gamutTolerance = 0.0005;
/** Halvings after which a chroma is as exact as eight bits show. */
const chromaSteps = 14;

/** The colour `#rrggbb`. */
export function oklchOf(hex: string): Oklch {
	const lms = times(lmsOfLinear, linearOf(hex));
	const [lightness, a, b] = times(oklabOfRoots, each(lms, Math.cbrt));
	return { lightness, chroma: Math.hypot(a, b), hue: Math.atan2(b, a) };
}

/** As `#rrggbb`, with as much of the chroma as a screen can show. */
export function hexOf(colour: Oklch): string {
	return hexOfLinear(linearOfOklch({ ...colour, chroma: shownChroma(colour) }));
}

/** WCAG 2.2 contrast ratio of two colours `#rrggbb`, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
	const [a, b] = [luminanceOf(one), luminanceOf(other)];
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function shownChroma(colour: Oklch): number {
	if (isShown(colour)) return colour.chroma;
	let shown = 0;
	let hidden = colour.chroma;
	for (let step = 0; step < chromaSteps; step++) {
		const chroma = (shown + hidden) / 2;
		if (isShown({ ...colour, chroma })) shown = chroma;
		else hidden = chroma;
	}
	return shown;
}

function isShown(colour: Oklch): boolean {
	return linearOfOklch(colour).every(
		(part) => part >= -gamutTolerance && part <= 1 + gamutTolerance,
	);
}

function linearOfOklch({ lightness, chroma, hue }: Oklch): Triple {
	const roots = times(rootsOfOklab, [lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)]);
	return times(
		linearOfLms,
		each(roots, (root) => root ** 3),
	);
}

/** WCAG 2.2, "relative luminance". */
function luminanceOf(hex: string): number {
	const [red, green, blue] = linearOf(hex);
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Linear light of `#rrggbb` (IEC 61966-2-1). */
function linearOf(hex: string): Triple {
	const value = Number.parseInt(hex.slice(1), 16);
	return each([value >> 16, (value >> 8) & 255, value & 255], (part) => {
		const share = part / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
}

function hexOfLinear(linear: Triple): string {
	const parts = each(linear, (part) => {
		const share = Math.min(1, Math.max(0, part));
		return Math.round(
			255 * (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055),
		);
	});
	return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function times(matrix: readonly Triple[], [x, y, z]: Triple): Triple {
	const [first = 0, second = 0, third = 0] = matrix.map(([a, b, c]) => a * x + b * y + c * z);
	return [first, second, third];
}

function each([x, y, z]: Triple, change: (part: number) => number): Triple {
	return [change(x), change(y), change(z)];
}

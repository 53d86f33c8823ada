import { contrastOf, hexOf, type Oklch, oklchOf } from './oklch.ts';

/** The interface's colours that follow an organization's own. Colours of statuses never do. */
export interface BrandColours {
	/** Ten shades of the same hue, from light to dark. */
	readonly ramp: readonly string[];
	/** Behind white text, in both schemes. */
	readonly fill: string;
	readonly fillUnderPointer: string;
	/** The colour itself, for the mark and accents without text, and what can be read on it. */
	readonly raw: string;
	readonly onRaw: string;
	readonly light: SchemeColours;
	readonly dark: SchemeColours;
}

interface SchemeColours {
	/** Links and what is chosen. */
	readonly accent: string;
	readonly tint: string;
	readonly hover: string;
	readonly selected: string;
}

/** What white text needs (WCAG 2.2, 1.4.3). */
const textContrast = 4.5;
const rampLightness = [0.975, 0.945, 0.895, 0.83, 0.755, 0.68, 0.6, 0.525, 0.455, 0.385];
/** Fills and light accents are found among the shades from here on. */
const firstFill = 6;
/** Accents of the dark scheme, where surfaces are dark whatever the colour is. */
const darkAccent = 4;
/** Below it a hue is an accident of rounding. */
const leastChroma = 0.01;
/** The darkest of the light scheme's surfaces that have no part in the brand. */
const sunkenSurface = '#eef2f5';
const white = '#ffffff';
const nearBlack = '#0b1116';

/** All colours that follow from `#rrggbb`: lightness fixed, hue kept, chroma as far as a screen shows it. */
export function brandColours(raw: string): BrandColours {
	const own = oklchOf(raw);
	const chroma = own.chroma < leastChroma ? 0 : own.chroma;
	const shade = (lightness: number, mostChroma = chroma) =>
		hexOf({ lightness, chroma: Math.min(chroma, mostChroma), hue: own.hue } satisfies Oklch);
	const ramp = rampLightness.map((lightness) => shade(lightness));
	const light = {
		tint: shade(0.952, 0.02),
		hover: shade(0.973, 0.008),
		selected: shade(0.957, 0.018),
	};
	const dark = { tint: shade(0.29, 0.045), hover: shade(0.25, 0.02), selected: shade(0.335, 0.05) };
	const place = firstFrom(ramp, firstFill, [white]);
	const accentPlace = firstFrom(ramp, place, [sunkenSurface, ...Object.values(light)]);
	return {
		ramp,
		fill: ramp[place] ?? nearBlack,
		fillUnderPointer: ramp[place + 1] ?? shade(0.33),
		raw,
		onRaw: contrastOf(raw, white) >= contrastOf(raw, nearBlack) ? white : nearBlack,
		light: { accent: ramp[accentPlace] ?? nearBlack, ...light },
		dark: { accent: ramp[darkAccent] ?? white, ...dark },
	};
}

/** Place of the first shade that can be read on, or behind, all these colours; the darkest if none can. */
function firstFrom(ramp: readonly string[], from: number, others: readonly string[]): number {
	const place = ramp.findIndex(
		(shade, at) => at >= from && others.every((other) => contrastOf(shade, other) >= textContrast),
	);
	return place === -1 ? ramp.length - 1 : place;
}

/** Custom properties in which the interface's style takes a brand's colours, by name. */
export function brandProperties(raw: string): Record<string, string> {
	const { ramp, fill, fillUnderPointer, onRaw, light, dark } = brandColours(raw);
	return {
		...Object.fromEntries(ramp.map((shade, place) => [`--brand-${place}`, shade])),
		'--brand-fill': fill,
		'--brand-fill-hover': fillUnderPointer,
		'--brand-raw': raw,
		'--brand-on-raw': onRaw,
		...schemeProperties('light', light),
		...schemeProperties('dark', dark),
	};
}

function schemeProperties(
	scheme: 'light' | 'dark',
	colours: SchemeColours,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(colours).map(([name, colour]) => [`--brand-${name}-${scheme}`, colour]),
	);
}

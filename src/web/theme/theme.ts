import {
	createTheme,
	localStorageColorSchemeManager,
	type MantineColorsTuple,
} from '@mantine/core';

/**
 * OKLCH ramp: hue kept, lightness fixed per shade. The built-in brand's is here, with the chroma eased in the lightest;
 * an organization's own comes as custom properties. The shade at 7 is the fill behind white text.
 */
const brand: MantineColorsTuple = [
	'var(--brand-0, #ebfafe)',
	'var(--brand-1, #d4f3fc)',
	'var(--brand-2, #b8e5f2)',
	'var(--brand-3, #95d3e4)',
	'var(--brand-4, #72bcd1)',
	'var(--brand-5, #55a5ba)',
	'var(--brand-6, #3b8ca1)',
	'var(--brand-fill, #20768a)',
	'var(--brand-fill-hover, #056174)',
	'var(--brand-9, #024c5b)',
];

/** Mantine takes its dark text, borders and surfaces from these; they are the dark tokens. */
const dark: MantineColorsTuple = [
	'#e6ebf0',
	'#b8c2cc',
	'#9aa6b4',
	'#6b7785',
	'#27303b',
	'#1d2530',
	'#10161d',
	'#151b23',
	'#0e1319',
	'#0a0f14',
];

/** Spacing, type and controls of the interface; colours of surfaces and statuses are in `tokens.css`. */
export const theme = createTheme({
	primaryColor: 'brand',
	primaryShade: { light: 7, dark: 7 },
	colors: { brand, dark },
	fontFamily: "'Inter Variable', system-ui, sans-serif",
	fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', Menlo, monospace",
	fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
	lineHeights: { xs: '1.4', sm: '1.45', md: '1.45', lg: '1.4', xl: '1.3' },
	spacing: { xs: '4px', sm: '6px', md: '10px', lg: '14px', xl: '20px' },
	radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '14px' },
	defaultRadius: 'md',
	cursorType: 'pointer',
	respectReducedMotion: true,
	headings: {
		fontWeight: '600',
		sizes: {
			h1: { fontSize: '22px', lineHeight: '1.3' },
			h2: { fontSize: '16px', lineHeight: '1.35' },
			h3: { fontSize: '14px', lineHeight: '1.4' },
		},
	},
});

/** Remembers light or dark; `public/colour-scheme.js` reads the same key before the first paint. */
export const colourSchemeManager = localStorageColorSchemeManager({ key: 'colour-scheme' });

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brandColours, brandProperties } from './brand-colours.ts';
import { contrastOf, hexOf, oklchOf } from './oklch.ts';

const anyHex = fc
	.integer({ min: 0, max: 0xffffff })
	.map((value) => `#${value.toString(16).padStart(6, '0')}`);

const tokens = await readFile(join(import.meta.dirname, '../web/theme/tokens.css'), 'utf8');
const [lightTokens = '', darkTokens = ''] = tokens.split(':root[data-mantine-color-scheme="dark"]');
function token(block: string, name: string): string {
	const value = new RegExp(`${name}: (#[0-9a-f]{6})`).exec(block)?.[1];
	if (value === undefined) throw new Error(`tokens.css has no ${name}`);
	return value;
}

test('a colour survives Oklch and back', () => {
	fc.assert(
		fc.property(anyHex, (hex) => {
			expect(hexOf(oklchOf(hex))).toBe(hex);
		}),
	);
});

test('Oklch is that of the published examples', () => {
	// The primaries, as CSS Color 4 gives them.
	const rounded = (hex: string) => {
		const { lightness, chroma, hue } = oklchOf(hex);
		return [lightness.toFixed(3), chroma.toFixed(3), ((hue * 180) / Math.PI).toFixed(1)];
	};
	expect(rounded('#ff0000')).toEqual(['0.628', '0.258', '29.2']);
	expect(rounded('#00ff00')).toEqual(['0.866', '0.295', '142.5']);
	expect(rounded('#0000ff')).toEqual(['0.452', '0.313', '-95.9']);
	expect(oklchOf('#ffffff').chroma).toBeCloseTo(0, 4);
});

test('contrast is that of WCAG', () => {
	expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21);
	expect(contrastOf('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
	expect(contrastOf('#20768a', '#20768a')).toBe(1);
});

test('white can be read on every fill, and on the fill under the pointer', () => {
	fc.assert(
		fc.property(anyHex, (hex) => {
			const { fill, fillUnderPointer } = brandColours(hex);
			expect(contrastOf(fill, '#ffffff')).toBeGreaterThanOrEqual(4.5);
			expect(contrastOf(fillUnderPointer, '#ffffff')).toBeGreaterThanOrEqual(4.5);
		}),
	);
});

test('accents can be read on every surface of their scheme', () => {
	const surfaces = (block: string) =>
		['--surface-body', '--surface-panel', '--surface-sunken'].map((name) => token(block, name));
	fc.assert(
		fc.property(anyHex, (hex) => {
			const colours = brandColours(hex);
			for (const [block, scheme] of [
				[lightTokens, colours.light],
				[darkTokens, colours.dark],
			] as const)
				for (const surface of [...surfaces(block), scheme.tint, scheme.hover, scheme.selected])
					expect(contrastOf(scheme.accent, surface)).toBeGreaterThanOrEqual(4.5);
		}),
	);
});

test('ordinary text and the texts of statuses can be read on the surfaces that a brand tints', () => {
	const statuses = [
		'moving',
		'stopped',
		'ignition-off',
		'charging',
		'offline',
		'not-communicating',
	];
	const texts = ['--text-strong', '--text-dim', ...statuses.map((name) => `--status-${name}`)];
	fc.assert(
		fc.property(anyHex, (hex) => {
			const { light, dark } = brandColours(hex);
			for (const name of texts) {
				for (const surface of [light.hover, light.selected, light.tint])
					expect(contrastOf(token(lightTokens, name), surface)).toBeGreaterThanOrEqual(4.5);
				expect(contrastOf(token(darkTokens, name), dark.hover)).toBeGreaterThanOrEqual(4.2);
			}
			expect(contrastOf(token(darkTokens, '--text-strong'), dark.selected)).toBeGreaterThanOrEqual(
				7,
			);
		}),
	);
});

test('something can be read on the raw colour', () => {
	fc.assert(
		fc.property(anyHex, (hex) => {
			const { raw, onRaw } = brandColours(hex);
			expect(raw).toBe(hex);
			expect(contrastOf(raw, onRaw)).toBeGreaterThanOrEqual(4.3);
		}),
	);
});

test('shades grow darker from one to the next', () => {
	fc.assert(
		fc.property(anyHex, (hex) => {
			const lightness = brandColours(hex).ramp.map((shade) => oklchOf(shade).lightness);
			expect(lightness).toEqual(lightness.toSorted((a, b) => b - a));
		}),
	);
});

test('greys stay grey, and hues their hue', () => {
	for (const grey of ['#111111', '#7f7f7f', '#fefefe'])
		for (const shade of brandColours(grey).ramp) expect(oklchOf(shade).chroma).toBeLessThan(0.002);
	const { hue } = oklchOf('#7a1fa2');
	for (const shade of brandColours('#7a1fa2').ramp) expect(oklchOf(shade).hue).toBeCloseTo(hue, 0);
});

test('no brand sets a colour of a status', () => {
	for (const name of Object.keys(brandProperties('#ffd400'))) expect(name).toMatch(/^--brand-/);
	expect([...tokens.matchAll(/(--status[\w-]+):.*--brand/g)]).toEqual([]);
});

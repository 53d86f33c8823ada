import { type Brand, markSvg } from '#contract/brand.ts';
import { brandProperties } from '#contract/brand-colours.ts';

/** `public/brand.js` reads the same key before the first paint. */
const storageKey = 'brand';

/** Gives the whole interface an organization's colours and icon, and remembers the colours in this browser. */
export function applyBrand(brand: Brand): void {
	const properties = brand.colour === null ? {} : brandProperties(brand.colour);
	const { style } = document.documentElement;
	for (const name of [...style])
		if (name.startsWith('--brand-') && !(name in properties)) style.removeProperty(name);
	for (const [name, value] of Object.entries(properties)) style.setProperty(name, value);
	const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
	if (icon !== null)
		icon.href = brand.logo ?? `data:image/svg+xml,${encodeURIComponent(markSvg(brand))}`;
	try {
		localStorage.setItem(storageKey, JSON.stringify(properties));
	} catch {
		// Storage is switched off: the next visit begins without the brand.
	}
}

import { z } from 'zod';
import { brandColours } from './brand-colours.ts';

/** Colour of the built-in brand, which an organization without one of its own has. */
export const builtInColour = '#20768a';

/** What people see of an organization, before sign-in too. */
export const brandSchema = z.object({
	name: z.string(),
	/** `#rrggbb`; null: the built-in one. */
	colour: z.string().nullable(),
	/** Path of its logo; null without one. */
	logo: z.string().nullable(),
	/** Whom people ask for help. */
	support: z.object({
		name: z.string().nullable(),
		email: z.string().nullable(),
		phone: z.string().nullable(),
	}),
});
export type Brand = z.infer<typeof brandSchema>;

/** What the portal of nobody in particular looks like. */
export function unbranded(name: string): Brand {
	return { name, colour: null, logo: null, support: { name: null, email: null, phone: null } };
}

/** The letter that stands for an organization where it has no logo. */
export function initialOf(name: string): string {
	return ([...name.trim()][0] ?? '').toLocaleUpperCase('en');
}

/** An SVG with the organization's initial on its colour. */
export function markSvg({ name, colour }: Pick<Brand, 'name' | 'colour'>): string {
	const { raw, onRaw } = brandColours(colour ?? builtInColour);
	const letter = initialOf(name).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${raw}"/><text x="16" y="22.5" text-anchor="middle" font-family="system-ui, sans-serif" font-size="19" font-weight="600" fill="${onRaw}">${letter}</text></svg>`;
}

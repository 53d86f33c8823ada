import { z } from 'zod';

/** IANA time zone. */
export const timeZoneSchema = z.string().refine(isTimeZone, 'Choose a time zone from the list.');

/** ISO 3166-1 alpha-2. */
export const countrySchema = z.string().regex(/^[A-Z]{2}$/, 'Choose a country from the list.');

/** BCP 47 tag by which numbers are written. */
export const localeSchema = z.string().max(35).refine(isLocale, 'Choose how numbers are written.');

/** ISO 4217. */
export const currencySchema = z
	.string()
	.refine((code) => Intl.supportedValuesOf('currency').includes(code), 'Choose a currency.');

function isTimeZone(zone: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone: zone });
		return zone.length > 0;
	} catch {
		return false;
	}
}

function isLocale(tag: string): boolean {
	try {
		return Intl.NumberFormat.supportedLocalesOf(tag).length === 1;
	} catch {
		return false;
	}
}

/** How numbers are written unless somebody chooses: the interface is English, numbers follow the country. */
export function usualLocale(country: string): string {
	return `en-${country}`;
}

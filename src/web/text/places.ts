import { countryCodes, countryName } from '#contract/country.ts';

interface Choice {
	readonly value: string;
	readonly label: string;
}

/** Every country by name. */
export function countryChoices(): Choice[] {
	return countryCodes
		.map((code) => ({ value: code, label: countryName(code) }))
		.sort((a, b) => a.label.localeCompare(b.label, 'en'));
}

/**
 * Every time zone with what it is ahead of UTC now.
 * @param current the one chosen now, which this browser may know by another name
 */
export function timeZoneChoices(current: string): Choice[] {
	const zones = new Set([...Intl.supportedValuesOf('timeZone'), current, 'UTC']);
	return [...zones].sort().map((zone) => ({ value: zone, label: `${zone} (${offsetOf(zone)})` }));
}

function offsetOf(timeZone: string): string {
	const parts = new Intl.DateTimeFormat('en', {
		timeZone,
		timeZoneName: 'longOffset',
	}).formatToParts();
	const offset = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
	return offset === 'GMT' ? 'UTC' : offset.replace('GMT', 'UTC');
}

export function browserTimeZone(): string {
	return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Not in every browser yet, and not in TypeScript's library. */
interface LocaleWithZones extends Intl.Locale {
	getTimeZones?(): string[] | undefined;
}

/** The country the browser is most likely in: by its time zone, else by its language; empty when neither tells. */
export function likelyCountry(timeZone: string, language: string): string {
	const inZone = countryCodes.filter((code) => {
		const locale: LocaleWithZones = new Intl.Locale(`und-${code}`);
		return locale.getTimeZones?.()?.includes(timeZone) ?? false;
	});
	const ofLanguage = new Intl.Locale(language).region ?? '';
	if (inZone.includes(ofLanguage)) return ofLanguage;
	return inZone[0] ?? (countryCodes.includes(ofLanguage) ? ofLanguage : '');
}

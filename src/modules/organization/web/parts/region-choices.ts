import { usualLocale } from '#contract/region.ts';
import { numberText } from '#web/text/number.ts';

interface Choice {
	readonly value: string;
	readonly label: string;
}

/** Shows where a locale groups digits and what it puts before decimals. */
export const numberSample = 1_234_567.8;
const otherLocales = ['en-IN', 'en-US', 'de-DE', 'fr-FR', 'de-CH', 'es-ES'];

/** Ways to write numbers, each once: the one chosen now, that of the country, and those in wide use. */
export function localeChoices(current: string, country: string): Choice[] {
	const choices: Choice[] = [];
	for (const value of [current, usualLocale(country), ...otherLocales]) {
		const label = numberText(numberSample, value, 1);
		if (choices.every((choice) => choice.label !== label)) choices.push({ value, label });
	}
	return choices;
}

export function countryName(code: string): string {
	return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
}

export function currencyName(code: string): string {
	const name = new Intl.DisplayNames('en', { type: 'currency' }).of(code) ?? code;
	return `${code} (${name})`;
}

/** Every currency in use, by its code. */
export function currencyChoices(): Choice[] {
	return Intl.supportedValuesOf('currency').map((value) => ({ value, label: currencyName(value) }));
}

const formatters = new Map<string, Intl.NumberFormat>();

/** A number as the locale groups it, with at most so many decimals: 100000 is `1,00,000` in `en-IN`. */
export function numberText(value: number, locale: string, maxDecimals = 0): string {
	const key = `${locale} ${maxDecimals}`;
	let formatter = formatters.get(key);
	if (!formatter) {
		formatter = new Intl.NumberFormat(locale, { maximumFractionDigits: maxDecimals });
		formatters.set(key, formatter);
	}
	return formatter.format(value);
}

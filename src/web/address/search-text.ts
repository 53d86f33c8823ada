/** Search parameters of a page's address, each a text; what they mean is for the page to read. */
export type SearchTexts = Readonly<Record<string, string>>;

/** Reads `?q=abc&status=moving,stopped`. */
export function parseSearch(search: string): Record<string, string> {
	return Object.fromEntries(new URLSearchParams(search));
}

/** Writes the search part of an address, empty when nothing is set. Commas stay readable. */
export function writeSearch(texts: Readonly<Record<string, unknown>>): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(texts)) {
		if (value !== undefined && value !== '') search.set(name, String(value));
	}
	const written = search.toString().replaceAll('%2C', ',');
	return written === '' ? '' : `?${written}`;
}

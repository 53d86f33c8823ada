/** A part of what is said about a map's makers. */
export interface Credit {
	readonly text: string;
	/** Null: words only. */
	readonly href: string | null;
}

/** Reads the HTML of an attribution: its words and its links to the web, and nothing else that may be in it. */
export function creditsOf(html: string): readonly Credit[] {
	const { body } = new DOMParser().parseFromString(html, 'text/html');
	return [...body.childNodes].flatMap((node): Credit[] => {
		if (node instanceof HTMLScriptElement || node instanceof HTMLStyleElement) return [];
		const text = node.textContent ?? '';
		if (text === '') return [];
		const href =
			node instanceof HTMLAnchorElement && /^https?:$/.test(node.protocol) ? node.href : null;
		return [{ text, href }];
	});
}

/** A pattern for `like` and `ilike` that finds the text itself anywhere, whatever signs it holds. */
export function containing(text: string): string {
	return `%${text.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
}

const base = 'https://portal.invalid';

/**
 * A path of this portal with its query and fragment; null for anything that a browser might read as another address.
 */
export function ownPath(text: string | undefined): string | null {
	if (!text?.startsWith('/') || !URL.canParse(text, base)) return null;
	const { origin, pathname, search, hash } = new URL(text, base);
	// Dots are resolved by now, and may leave two slashes in front: another host.
	return origin === base && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : null;
}

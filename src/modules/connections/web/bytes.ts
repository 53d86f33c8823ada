/** Bytes as they came in a reply. */
export function bytesOf(base64: string): Uint8Array {
	return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

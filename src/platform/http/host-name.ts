/** The name in a Host header, in small letters, without its port. */
export function hostNameOf(host: string): string {
	return host.toLowerCase().replace(/:\d+$/, '');
}

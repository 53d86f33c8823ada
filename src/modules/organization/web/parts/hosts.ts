/** The host names that somebody wrote, one in each line. */
export function hostsIn(lines: string): string[] {
	return lines
		.split(/[\s,]+/)
		.map((host) => host.toLowerCase())
		.filter((host) => host !== '');
}

/** What a schema says of one host is said of the field that holds them all. */
export function withHostErrors(errors: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(errors).map(([path, message]) => [path.replace(/^hosts\..*/, 'hosts'), message]),
	);
}

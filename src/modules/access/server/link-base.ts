import { networkInterfaces } from 'node:os';
import type { Database } from '#platform/database/connect.ts';

export interface LinkBaseOptions {
	readonly publicUrl: string | null;
	/** Port on which this server listens; null before it does. */
	readonly ownPort: number | null;
}

/**
 * Address before the path of a link in a mail. Whoever asks chooses the Host header, and a link to a foreign host would
 * hand the token to it; so the host that was asked counts only where it is known to be ours:
 * a host name of the organization, else PUBLIC_URL, else the organization's first host name, else the host that was
 * asked if it is an address of this machine, else the first of those.
 * @param askedHost with or without a port
 */
export async function linkBaseFor(
	database: Database,
	organizationNo: number,
	askedHost: string,
	{ publicUrl, ownPort }: LinkBaseOptions,
): Promise<string> {
	const rows = await database
		.selectFrom('v_organization_host')
		.select('host')
		.where('organization_no', '=', organizationNo)
		.orderBy('host')
		.execute();
	const hosts = rows.flatMap(({ host }) => host ?? []);
	const asked = hostNameOf(askedHost);
	const known = hosts.includes(asked) ? asked : null;
	if (publicUrl !== null) return known === null ? publicUrl : withHost(publicUrl, known);
	const own = ownHosts();
	const host = known ?? hosts[0] ?? (own.includes(asked) ? asked : (own[0] ?? 'localhost'));
	return `http://${host}${portPart(ownPort)}`;
}

function hostNameOf(host: string): string {
	const address = `http://${host}`;
	return URL.canParse(address) ? new URL(address).hostname : '';
}

/** Scheme and port stay those under which browsers are known to arrive. */
function withHost(publicUrl: string, host: string): string {
	const url = new URL(publicUrl);
	url.hostname = host;
	return url.origin;
}

function portPart(port: number | null): string {
	return port === null || port === 80 ? '' : `:${port}`;
}

/** Addresses of this machine: those that others reach first, then its own name for itself. */
function ownHosts(): string[] {
	const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
	const outer = interfaces.filter(({ internal }) => !internal);
	const inner = interfaces.filter(({ internal }) => internal);
	const addresses = [...outer, ...inner]
		.filter(({ scopeid }) => (scopeid ?? 0) === 0)
		.sort((a, b) => Number(a.internal) - Number(b.internal) || a.family.localeCompare(b.family))
		.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
	return [...addresses, 'localhost'];
}

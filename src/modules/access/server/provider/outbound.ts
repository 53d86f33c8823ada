import { lookup as resolve } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { CustomFetch } from 'openid-client';

/** A provider's documents are some kilobytes. */
const maxBytes = 512 * 1024;

export interface OutboundRules {
	/** Whether this machine may be asked, even without TLS: where the portal itself is not published. */
	readonly allowsLoopback: boolean;
	/** Hosts that the operator vouches for: they may be in a private network. */
	readonly trustedHosts: readonly string[];
}

/** An address that this server does not ask on behalf of an organization; the message says why. */
export class AddressRefused extends Error {}

const loopback = blockList(['127.0.0.0/8', '::1/128']);
/** What is no address of the Internet (IANA special-purpose registries; RFC 6890). */
const inward = blockList([
	'0.0.0.0/8',
	'10.0.0.0/8',
	'100.64.0.0/10',
	'127.0.0.0/8',
	'169.254.0.0/16',
	'172.16.0.0/12',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'192.88.99.0/24',
	'192.168.0.0/16',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
	'224.0.0.0/4',
	'240.0.0.0/4',
	// Unspecified, loopback, and what once stood for IPv4.
	'::/96',
	'::ffff:0:0:0/96',
	'64:ff9b::/96',
	'64:ff9b:1::/48',
	'100::/64',
	'2001::/23',
	'2001:db8::/32',
	'2002::/16',
	'3fff::/20',
	'5f00::/16',
	'fc00::/7',
	'fe80::/10',
	'fec0::/10',
	'ff00::/8',
]);

/**
 * Asks the addresses that an organization's administrator names, and those that the provider's own documents name, but
 * none inside: by TLS only, not at addresses of this machine or of private networks, and following no redirect. The
 * address is looked at when it is connected to, so that a name cannot mean another one by then.
 */
export function createOutbound(rules: OutboundRules): CustomFetch {
	return async (address, { method, headers, body, signal }) => {
		const url = new URL(address);
		requireAllowed(url, rules);
		if (body !== null && body !== undefined && typeof body !== 'string' && !isForm(body))
			throw new TypeError('only forms are sent to a provider');
		const { request } = url.protocol === 'https:' ? https : http;
		const { promise, resolve: answered, reject } = Promise.withResolvers<Response>();
		const asking = request(
			url,
			{ method, headers, agent: false, lookup: lookupFor(url, rules), ...(signal && { signal }) },
			(answer) => {
				const chunks: Buffer[] = [];
				let bytes = 0;
				answer.on('error', reject);
				answer.on('data', (chunk: Buffer) => {
					bytes += chunk.length;
					if (bytes > maxBytes) answer.destroy(new AddressRefused('its answer is too long'));
					else chunks.push(chunk);
				});
				answer.on('end', () => answered(responseOf(answer, Buffer.concat(chunks))));
			},
		);
		asking.on('error', reject);
		asking.end(body == null ? undefined : String(body));
		return promise;
	};
}

/** @throws AddressRefused for an address that is not to be asked, as far as it says so itself */
export function requireAllowed(url: URL, rules: OutboundRules): void {
	const isPlain = url.protocol === 'http:';
	if (url.protocol !== 'https:' && !(isPlain && rules.allowsLoopback && isLoopbackName(url)))
		throw new AddressRefused('it does not begin with https://');
	const host = bare(url.hostname);
	if (isIP(host) !== 0 && !isAllowed(host, url, rules)) throw new AddressRefused(inwardReason);
}

const inwardReason =
	'it is in a private network; the operator of this server has to name its host in SIGN_IN_PROVIDER_HOSTS';

function isAllowed(address: string, url: URL, rules: OutboundRules): boolean {
	const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
	if (!inward.check(address, family)) return true;
	if (rules.trustedHosts.includes(bare(url.hostname))) return true;
	return rules.allowsLoopback && loopback.check(address, family);
}

function isLoopbackName({ hostname }: URL): boolean {
	const host = bare(hostname);
	return (
		host === 'localhost' ||
		(isIP(host) !== 0 && loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4'))
	);
}

/** Resolves a name to those of its addresses that may be asked. */
function lookupFor(url: URL, rules: OutboundRules): LookupFunction {
	return (hostname, options, done) => {
		resolve(hostname, { ...options, all: true }, (error, found) => {
			if (error) return done(error, '');
			const allowed = found.filter(({ address }) => isAllowed(address, url, rules));
			const [first] = allowed;
			if (first === undefined) return done(new AddressRefused(inwardReason), '');
			if (options.all) done(null, allowed);
			else done(null, first.address, first.family);
		});
	};
}

function responseOf(answer: http.IncomingMessage, body: Buffer): Response {
	const status = answer.statusCode ?? 502;
	const headers = new Headers();
	for (const [name, value] of Object.entries(answer.headersDistinct))
		for (const each of value ?? []) headers.append(name, each);
	const isEmpty = status === 204 || status === 205 || status === 304;
	return new Response(isEmpty ? null : new Uint8Array(body), { status, headers });
}

function isForm(body: unknown): body is URLSearchParams {
	return body instanceof URLSearchParams;
}

/** A URL writes IPv6 addresses in brackets. */
function bare(hostname: string): string {
	return hostname.replace(/^\[|\]$/g, '');
}

function blockList(subnets: readonly string[]): BlockList {
	const list = new BlockList();
	for (const subnet of subnets) {
		const [net = '', prefix = ''] = subnet.split('/');
		list.addSubnet(net, Number(prefix), net.includes(':') ? 'ipv6' : 'ipv4');
	}
	return list;
}

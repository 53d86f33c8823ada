import { ownPath } from '#contract/own-path.ts';
import { writeSearch } from './address/search-text.ts';

/** Addresses of pages, so that a link is written in one place and a renamed page breaks the build. */
export const paths = {
	home: '/',
	signIn: '/sign-in',
	forgotPassword: '/forgot-password',
	console: '/console',
	vehicles: '/vehicles',
	device: '/devices/$deviceId',
	map: '/map',
	adminDevices: '/admin/devices',
	users: '/admin/users',
	customers: '/admin/customers',
	dealers: '/admin/dealers',
	adminLocations: '/admin/locations',
	parked: '/admin/parked',
	audit: '/admin/audit',
	organization: '/admin/organization',
	organizations: '/admin/organizations',
	tokens: '/admin/tokens',
	account: '/account',
	adminSignIn: '/admin/sign-in',
	outbox: '/admin/outbox',
} as const;

/** The page of one device; `tab` opens one of its tabs. */
export function devicePath(deviceId: string, tab?: string): string {
	const path = paths.device.replace('$deviceId', encodeURIComponent(deviceId));
	return `${path}${writeSearch({ tab })}`;
}

/** Whose rows a grid shows. */
type Owner = { readonly customerNo: number } | { readonly dealerNo: number };

/** The Fleet Console with the devices of a customer or dealer. */
export function consoleOf(owner: Owner): string {
	return `${paths.console}${writeSearch(owner)}`;
}

/** The customers of a dealer. */
export function customersOf(dealerNo: number): string {
	return `${paths.customers}${writeSearch({ dealerNo })}`;
}

/** Who signs in for a customer or dealer. */
export function usersOf(owner: Owner): string {
	const filter =
		'customerNo' in owner ? { customer: owner.customerNo } : { dealer: owner.dealerNo };
	return `${paths.users}${writeSearch(filter)}`;
}

/** The users that a text finds. */
export function usersFinding(q: string): string {
	return `${paths.users}${writeSearch({ q })}`;
}

/** The API tokens of somebody. */
export function tokensOf(email: string): string {
	return `${paths.tokens}${writeSearch({ owner: email })}`;
}

/** Parked messages of one device. */
export function parkedPath(deviceId: string): string {
	return `${paths.parked}${writeSearch({ deviceId })}`;
}

/** Audit entries that a text finds. */
export function auditPath(q: string): string {
	return `${paths.audit}${writeSearch({ q })}`;
}

/** The Fleet Map, looking at a device, whose card is open. */
export function mapPath(deviceId: string): string {
	return `${paths.map}${writeSearch({ device: deviceId })}`;
}

/** The Fleet Map with the devices of one location. */
export function mapLocationPath(locationNo: number): string {
	return `${paths.map}${writeSearch({ city: String(locationNo) })}`;
}

/** A grid page with the details of a row open. */
export function rowLink(path: string, rowKey: string): string {
	return `${path}${writeSearch({ row: rowKey })}`;
}

/** The sign-in page, which afterwards opens the page first asked for. */
export function signInLink(next: string): string {
	return `${paths.signIn}${writeSearch(next === paths.home ? {} : { next })}`;
}

/** The page to open after sign-in: a path of this portal, or its home for anything else. */
export function pageAfterSignIn(next: string | undefined): string {
	const path = ownPath(next);
	return path === null || path.startsWith(paths.signIn) ? paths.home : path;
}

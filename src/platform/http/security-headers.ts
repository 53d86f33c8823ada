import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * Sources that pages may use: this server alone. The component library writes style elements of its own; style
 * attributes, which markup that was let in by mistake would bring, are refused (scripts set styles past them).
 */
export const contentSources = {
	'default-src': ["'self'"],
	'script-src': ["'self'"],
	'style-src': ["'self'", "'unsafe-inline'"],
	'style-src-attr': ["'none'"],
	'img-src': ["'self'", 'data:', 'blob:'],
	'connect-src': ["'self'"],
	'worker-src': ["'self'", 'blob:'],
	'font-src': ["'self'", 'data:'],
	'frame-ancestors': ["'none'"],
	'base-uri': ["'none'"],
	'form-action': ["'self'"],
	'object-src': ["'none'"],
};

/** What pages may ask of a browser's devices: nothing but to fill the screen and the clipboard. */
export const permissionsPolicy = [
	'accelerometer',
	'bluetooth',
	'browsing-topics',
	'camera',
	'display-capture',
	'geolocation',
	'gyroscope',
	'hid',
	'microphone',
	'midi',
	'payment',
	'serial',
	'usb',
]
	.map((feature) => `${feature}=()`)
	.join(', ');

/** For refusals of requests that could not even be read: nothing in them is to be loaded, run or framed. */
export const headersOfProblems = {
	'content-security-policy': "default-src 'none';frame-ancestors 'none'",
	'permissions-policy': permissionsPolicy,
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
};

/** Whether browsers reach the portal by https only. */
export function isHttps(publicUrl: string | null): boolean {
	return publicUrl?.startsWith('https://') ?? false;
}

/**
 * Security headers of every answer. What only makes sense with TLS (HSTS, cross-origin isolation of the opener) is
 * sent when the portal's public address is https, since browsers would otherwise ignore it or lock themselves out.
 */
export function securityHeaders(publicUrl: string | null): FastifyHelmetOptions {
	const hasTls = isHttps(publicUrl);
	return {
		contentSecurityPolicy: {
			useDefaults: false,
			directives: { ...contentSources, ...(hasTls && { 'upgrade-insecure-requests': [] }) },
		},
		strictTransportSecurity: hasTls && { maxAge: 31_536_000, includeSubDomains: false },
		crossOriginOpenerPolicy: hasTls && { policy: 'same-origin' },
		originAgentCluster: hasTls,
	};
}

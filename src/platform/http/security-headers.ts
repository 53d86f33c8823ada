import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Sources that pages may use: this server alone. Styles are inline because the component library sets them so. */
export const contentSources = {
	'default-src': ["'self'"],
	'script-src': ["'self'"],
	'style-src': ["'self'", "'unsafe-inline'"],
	'img-src': ["'self'", 'data:', 'blob:'],
	'connect-src': ["'self'"],
	'worker-src': ["'self'", 'blob:'],
	'font-src': ["'self'", 'data:'],
	'frame-ancestors': ["'none'"],
	'base-uri': ["'none'"],
	'form-action': ["'self'"],
	'object-src': ["'none'"],
};

/**
 * Security headers of every answer. What only makes sense with TLS (HSTS, cross-origin isolation of the opener) is
 * sent when the portal's public address is https, since browsers would otherwise ignore it or lock themselves out.
 */
export function securityHeaders(publicUrl: string | null): FastifyHelmetOptions {
	const isHttps = publicUrl?.startsWith('https://') ?? false;
	return {
		contentSecurityPolicy: {
			useDefaults: false,
			directives: { ...contentSources, ...(isHttps && { 'upgrade-insecure-requests': [] }) },
		},
		strictTransportSecurity: isHttps && { maxAge: 31_536_000, includeSubDomains: false },
		crossOriginOpenerPolicy: isHttps && { policy: 'same-origin' },
		originAgentCluster: isHttps,
	};
}

import { createHash } from 'node:crypto';
import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { contentSources } from './security-headers.ts';
import { sessionCookieName } from './session-cookie.ts';

export const openApiPath = '/api/openapi.json';
export const apiDocsPath = '/api/docs';

/** Name of the tokens in the description. */
export const tokenScheme = 'token';

/**
 * Serves the OpenAPI document of the endpoints that are served from now on, and pages to read it, which load nothing
 * from elsewhere.
 */
export async function serveOpenApi(
	app: FastifyInstance,
	version: string,
	isHttps: boolean,
): Promise<void> {
	await app.register(swagger, {
		openapi: {
			openapi: '3.1.0',
			info: { title: 'Fleet command centre', version },
			components: {
				securitySchemes: {
					session: { type: 'apiKey', in: 'cookie', name: sessionCookieName(isHttps) },
					[tokenScheme]: { type: 'http', scheme: 'bearer' },
				},
			},
			security: [{ session: [] }],
		},
		transform: jsonSchemaTransform,
	});
	app.get(openApiPath, { schema: { hide: true } }, async () => app.swagger());
	await serveApiReader(app, apiDocsPath, openApiPath);
}

/** Serves pages to read an OpenAPI document, which load nothing from elsewhere. */
export async function serveApiReader(
	app: FastifyInstance,
	path: `/${string}`,
	documentPath: string,
): Promise<void> {
	await app.register(async (docs) => {
		docs.addHook('onSend', async (_request, reply, payload) => {
			if (typeof payload === 'string' && String(reply.getHeader('content-type')).includes('html'))
				reply.header('content-security-policy', policyFor(payload));
			return payload;
		});
		await docs.register(scalar, {
			routePrefix: path,
			configuration: {
				url: documentPath,
				pageTitle: 'API',
				withDefaultFonts: false,
				telemetry: false,
				hideClientButton: true,
				showDeveloperTools: 'never',
				favicon: '/brand/icon',
				agent: { disabled: true },
				mcp: { disabled: true },
			},
		});
	});
}

/** The pages' policy with exactly their own inline scripts allowed, by hash, and the style attributes they use. */
function policyFor(html: string): string {
	const hashes = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
		([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
	);
	const sources = {
		...contentSources,
		'script-src': [...contentSources['script-src'], ...hashes],
		'style-src-attr': ["'unsafe-inline'"],
	};
	return Object.entries(sources)
		.map(([directive, values]) => `${directive} ${values.join(' ')}`)
		.join(';');
}

import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/**
 * Serves the built pages. Files below `assets/` carry a hash of their content in their name and may be kept for ever;
 * every other address that a browser opens gets the shell, which knows the pages.
 */
export async function servePages(app: FastifyInstance, folder: string): Promise<void> {
	await app.register(fastifyStatic, {
		root: folder,
		wildcard: false,
		preCompressed: true,
		cacheControl: false,
		setHeaders: (reply, path) => {
			const isHashed = path.includes('/assets/');
			reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
		},
	});
	app.get('/*', { schema: { hide: true } }, (request, reply) => {
		const isPage =
			!request.url.startsWith('/api/') &&
			!request.url.startsWith('/assets/') &&
			(request.headers.accept ?? '').includes('text/html');
		return isPage ? reply.sendFile('index.html') : reply.callNotFound();
	});
}

import type { FastifyInstance } from 'fastify';

/**
 * One line for each answer: who asked for which path, what came of it, how long it took. Neither bodies nor headers
 * nor query strings are logged, since they may carry secrets. Probes and assets are logged at debug level.
 */
export function logRequests(app: FastifyInstance): void {
	app.addHook('onResponse', async (request, reply) => {
		const path = pathOf(request.url);
		const isApi = path.startsWith('/api/');
		request.log[isApi ? 'info' : 'debug'](
			{
				method: request.method,
				path,
				status: reply.statusCode,
				durationMs: Math.round(reply.elapsedTime * 10) / 10,
				...(request.principal !== null && { userId: request.principal.userId }),
			},
			'request',
		);
	});
}

/** The path of a request's address, without its query. */
export function pathOf(url: string): string {
	const end = url.indexOf('?');
	return end === -1 ? url : url.slice(0, end);
}

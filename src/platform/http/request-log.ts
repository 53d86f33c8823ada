import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * One line for each answer: who asked from where for which path, what came of it, how long it took. Neither bodies nor headers
 * nor query strings are logged, since they may carry secrets. Probes and assets are logged at debug level.
 */
export function logRequests(app: FastifyInstance): void {
	app.addHook('onResponse', async (request, reply) => {
		const path = pathOf(request.url);
		request.log[isApiRequest(request) ? 'info' : 'debug'](
			{
				method: request.method,
				path,
				status: reply.statusCode,
				address: request.ip,
				durationMs: Math.round(reply.elapsedTime * 10) / 10,
				...(request.principal !== null && { userId: request.principal.userId }),
			},
			'request',
		);
	});
}

/** Whether a request is for the API, however its address is written (`/%61pi/…` is the same path). */
export function isApiRequest({ routeOptions, url }: FastifyRequest): boolean {
	return (routeOptions.url ?? url).startsWith('/api/');
}

/** The path of a request's address, without its query. */
function pathOf(url: string): string {
	const end = url.indexOf('?');
	return end === -1 ? url : url.slice(0, end);
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { fault } from '#contract/faults.ts';
import { sendProblem } from './problem.ts';

export interface HealthProbes {
	readonly isDatabaseUp: () => boolean;
	readonly isBrokerUp: () => boolean;
	/** Age of the oldest message that waits to be stored, in milliseconds; 0 when none waits. */
	readonly lagMs: () => number;
}

/** Serves `/health` for whoever watches the server: 200 while it can do its work, else 503. */
export function serveHealth(app: FastifyInstance, probes: HealthProbes): void {
	app.get('/health', { schema: { hide: true } }, (_request, reply) => {
		const isDatabaseUp = probes.isDatabaseUp();
		const isBrokerUp = probes.isBrokerUp();
		const isUp = isDatabaseUp && isBrokerUp;
		return reply
			.code(isUp ? 200 : 503)
			.header('cache-control', 'no-store')
			.send({
				status: isUp ? 'up' : 'down',
				database: isDatabaseUp ? 'up' : 'down',
				broker: isBrokerUp ? 'up' : 'down',
				lagMs: probes.lagMs(),
			});
	});
}

/**
 * Measures every answer, and serves `/metrics` in the format of Prometheus, to a collector on this machine and nobody
 * else.
 */
export function serveMetrics(app: FastifyInstance, registry: Registry): void {
	const duration = new Histogram({
		name: 'http_request_duration_seconds',
		help: 'Time from a request to its answer',
		labelNames: ['method', 'route', 'status'],
		buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
		registers: [registry],
	});
	app.addHook('onResponse', async (request, reply) => {
		const route = request.routeOptions.url ?? 'none';
		const labels = { method: request.method, route, status: reply.statusCode };
		duration.observe(labels, reply.elapsedTime / 1_000);
	});
	app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
		if (!isFromThisMachine(request))
			return sendProblem(fault('not_found', { thing: 'address' }), request, reply);
		return reply.type(registry.contentType).send(await registry.metrics());
	});
}

/** A proxy on this machine connects from it too, but says for whom. */
function isFromThisMachine(request: FastifyRequest): boolean {
	const { forwarded, 'x-forwarded-for': forwardedFor, 'x-real-ip': realIp } = request.headers;
	if (forwarded !== undefined || forwardedFor !== undefined || realIp !== undefined) return false;
	const address = request.socket.remoteAddress ?? '';
	return address === '::1' || /^(::ffff:)?127\./.test(address);
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
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

/** Serves `/metrics` in the format of Prometheus, to a collector on this machine and nobody else. */
export function serveMetrics(app: FastifyInstance, registry: Registry): void {
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

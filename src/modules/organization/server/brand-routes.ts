import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { markSvg } from '#contract/brand.ts';
import { fault } from '#contract/faults.ts';
import type { Database } from '#platform/database/connect.ts';
import { logoPath } from '../contract.ts';
import { brandForHost, type Logo, readLogo } from './brand.ts';

/** An image that was uploaded may be shown, and do nothing else, even if somebody opens its address. */
const imagePolicy = "default-src 'none';style-src 'unsafe-inline';sandbox;frame-ancestors 'none'";
const logoParams = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Serves what browsers show of a brand before anybody is signed in: logos, and the icon of the host's portal. */
export function serveBrandFiles(app: FastifyInstance, database: Database): void {
	app.get(logoPath(':sha256'), { schema: { hide: true } }, async (request, reply) => {
		const params = logoParams.safeParse(request.params).data;
		if (!app.isDatabaseUp()) throw fault('database_unavailable');
		const logo = params && (await readLogo(database, params.sha256));
		if (logo === undefined) return reply.callNotFound();
		return sendImage(reply.header('cache-control', 'public, max-age=31536000, immutable'), logo);
	});
	app.get('/brand/icon', { schema: { hide: true } }, async (request, reply) => {
		if (!app.isDatabaseUp()) throw fault('database_unavailable');
		const brand = await brandForHost(database, request.hostname);
		const logo = brand.logo && (await readLogo(database, brand.logo.split('/').at(-1) ?? ''));
		reply.header('cache-control', 'no-cache');
		return sendImage(
			reply,
			logo || { mediaType: 'image/svg+xml', image: Buffer.from(markSvg(brand)) },
		);
	});
}

function sendImage(reply: FastifyReply, { mediaType, image }: Logo): FastifyReply {
	return reply.header('content-security-policy', imagePolicy).type(mediaType).send(image);
}

import { parseCookies } from 'better-auth/cookies';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '#platform/clock.ts';
import type { SealPurpose, Vault } from './vault.ts';

export interface SealedCookieOptions<Schema extends z.ZodType> {
	readonly name: string;
	readonly purpose: SealPurpose;
	readonly schema: Schema;
	readonly lifeSeconds: number;
	readonly hasTls: boolean;
	readonly vault: Vault;
	readonly clock: Clock;
}

/** What a browser carries for us through a few steps of a sign-in: it can neither read nor make it. */
export interface SealedCookie<Value> {
	set(reply: FastifyReply, value: Value): void;
	/** @returns null without one, or when its time is over */
	read(request: FastifyRequest): Value | null;
	clear(reply: FastifyReply): void;
}

const contentSchema = z.object({ expiresAtMs: z.number(), value: z.unknown() });

export function createSealedCookie<Schema extends z.ZodType>(
	options: SealedCookieOptions<Schema>,
): SealedCookie<z.output<Schema>> {
	const { purpose, lifeSeconds, hasTls, vault, clock } = options;
	const name = hasTls ? `__Host-${options.name}` : options.name;
	const attributes = `Path=/; HttpOnly; ${hasTls ? 'Secure; ' : ''}SameSite=Lax`;
	return {
		set(reply, value) {
			const content = JSON.stringify({ expiresAtMs: clock() + lifeSeconds * 1000, value });
			const sealed = vault.seal(purpose, name, content).toString('base64url');
			reply.header('set-cookie', `${name}=${sealed}; Max-Age=${lifeSeconds}; ${attributes}`);
		},
		read({ headers }) {
			const sealed = parseCookies(headers.cookie ?? '').get(name);
			if (sealed === undefined) return null;
			const content = vault.open(purpose, name, Buffer.from(sealed, 'base64url'));
			if (content === null) return null;
			const { expiresAtMs, value } = contentSchema.parse(JSON.parse(content));
			return expiresAtMs > clock() ? options.schema.parse(value) : null;
		},
		clear(reply) {
			reply.header('set-cookie', `${name}=; Max-Age=0; ${attributes}`);
		},
	};
}

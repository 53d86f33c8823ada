import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import {
	type Access,
	createAccess,
	type LinkLimits,
	type SignInLimits,
} from '#modules/access/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import { createHttpServer } from '#platform/http/server.ts';
import type { Log } from '#platform/log.ts';
import type { TestDatabase } from './database.ts';

export interface TestPortal {
	readonly url: string;
	readonly app: FastifyInstance;
	readonly access: Access;
	readonly log: Log;
	/** Everything logged so far, as it would be written, at the most talkative level. */
	logged(): string;
	readonly dataDir: string;
	/** Sends a request as a browser on one of the portal's own pages would. */
	send(path: string, request?: PortalRequest): Promise<Response>;
	/** Signs in. @returns the session's cookie as `name=value` */
	signIn(email: string, password: string): Promise<string>;
	close(): Promise<void>;
}

export interface PortalRequest {
	readonly method?: string;
	readonly cookie?: string;
	/** Host name under which the portal is asked for; else its address. */
	readonly host?: string;
	readonly headers?: Record<string, string>;
	readonly body?: unknown;
}

export interface TestPortalOptions {
	readonly publicUrl?: string;
	readonly signInLimits?: SignInLimits;
	readonly linkLimits?: LinkLimits;
	readonly needsSetup?: () => Promise<boolean>;
	readonly isDatabaseUp?: () => boolean;
	readonly clock?: Clock;
	/** Hears whose access changed. */
	readonly onAccessChanged?: (userId: string) => void;
	/** Adds what is to be served besides sign-in. */
	readonly add?: (portal: { app: FastifyInstance; log: Log; dataDir: string }) => Promise<void>;
}

/** The HTTP server with sign-in, on a free port, without anything that devices need. */
export async function startPortal(
	db: TestDatabase,
	options: TestPortalOptions = {},
): Promise<TestPortal> {
	const lines: string[] = [];
	const log = pino({ level: 'trace' }, collect(lines));
	const dataDir = await mkdtemp(join(tmpdir(), 'qd-portal-'));
	const publicUrl = options.publicUrl ?? null;
	const access = await createAccess({
		pool: db.pool,
		database: db.database,
		dataDir,
		publicUrl,
		version: '1.2.3',
		ownTiles: null,
		clock: options.clock ?? Date.now,
		log,
		onChanged: options.onAccessChanged ?? (() => {}),
		needsSetup: options.needsSetup ?? (async () => false),
		signInLimits: options.signInLimits ?? { perAddress: 1000, perAccount: 1000 },
		linkLimits: options.linkLimits ?? { perAddress: 1000, perAccount: 1000 },
	});
	const app = await createHttpServer({
		log,
		publicUrl,
		version: '1.2.3',
		identify: (request) => access.identify(request.headers, request.host),
		isDatabaseUp: options.isDatabaseUp ?? (() => true),
		requestsPerMinute: 100_000,
	});
	access.serve(app);
	await options.add?.({ app, log, dataDir });
	const url = await app.listen({ host: '127.0.0.1', port: 0 });

	// A browser's fetch cannot choose the Host header; behind a proxy on this machine the forwarded one counts.
	async function send(path: string, request: PortalRequest = {}): Promise<Response> {
		const hasBody = request.body !== undefined;
		return fetch(url + path, {
			method: request.method ?? (hasBody ? 'POST' : 'GET'),
			redirect: 'manual',
			headers: {
				'sec-fetch-site': 'same-origin',
				origin: request.host === undefined ? url : `http://${request.host}`,
				...(request.host !== undefined && { 'x-forwarded-host': request.host }),
				...(request.cookie !== undefined && { cookie: request.cookie }),
				...(hasBody && { 'content-type': 'application/json' }),
				...request.headers,
			},
			...(hasBody && { body: JSON.stringify(request.body) }),
		});
	}

	return {
		url,
		app,
		access,
		log,
		logged: () => lines.join(''),
		dataDir,
		send,
		async signIn(email, password) {
			const answer = await send('/api/auth/sign-in/email', { body: { email, password } });
			const [cookie] = answer.headers.getSetCookie();
			if (!answer.ok || cookie === undefined)
				throw new Error(`sign-in of ${email} answered ${answer.status}: ${await answer.text()}`);
			return cookie.split(';')[0] ?? '';
		},
		async close() {
			await app.close();
			await access.stop();
			await rm(dataDir, { recursive: true });
		},
	};
}

function collect(lines: string[]): Writable {
	return new Writable({
		write(chunk, _encoding, done) {
			lines.push(String(chunk));
			done();
		},
	});
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fault } from '#contract/faults.ts';
import { ownPath } from '#contract/own-path.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { actorOf } from '#modules/audit/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import { serve } from '#platform/http/serve.ts';
import {
	checkSignInProvider,
	configureSignInProvider,
	type ProviderRefusal,
	providerCallbackPath,
	providerStartPath,
	removeSignInProvider,
	showSignInProvider,
} from '../../contract.ts';
import { sessionIdOf } from '../account/sessions.ts';
import { type OpenSessionOptions, openSession } from '../auth-routes.ts';
import { createSealedCookie } from '../sealed-cookie.ts';
import {
	checkProvider,
	configureProvider,
	knownOf,
	type ProviderActionOptions,
	removeProvider,
} from './actions.ts';
import { beginFlow, finishFlow, flowSchema, SignInRefused } from './sign-in.ts';
import { readProvider, readProviderAt } from './store.ts';

/** Time to sign in at the provider, with whatever it asks for. */
const lifeSeconds = 10 * 60;

export interface ProviderRoutesOptions extends ProviderActionOptions, OpenSessionOptions {
	readonly hasTls: boolean;
	readonly clock: Clock;
}

/** Serves sign-in at the provider of the host's organization, and the provider's settings. */
export function serveProvider(app: FastifyInstance, options: ProviderRoutesOptions): void {
	const { database, clients } = options;
	const cookie = createSealedCookie({
		...options,
		name: 'portal_oidc',
		purpose: 'provider-sign-in',
		schema: flowSchema,
		lifeSeconds,
	});

	// Browsers come here by a link, so that refusals are pages, too.
	app.get(providerStartPath, { schema: { hide: true } }, (request, reply) =>
		orSignInPage(app, request, reply, async () => {
			const next = new URL(request.url, 'http://portal.invalid').searchParams.get('next');
			const provider = await readProviderAt(database, request.hostname);
			if (provider === undefined) throw new SignInRefused('off');
			const redirectUri = redirectUriOf(request);
			const { flow, address } = await beginFlow(
				clients,
				provider,
				redirectUri,
				ownPath(next ?? undefined) ?? '/',
			);
			cookie.set(reply, flow);
			return reply.redirect(address.href);
		}),
	);
	app.get(providerCallbackPath, { schema: { hide: true } }, (request, reply) =>
		orSignInPage(app, request, reply, async () => {
			const flow = cookie.read(request);
			cookie.clear(reply);
			if (flow === null) throw new SignInRefused('over');
			const provider = await readProviderAt(database, request.hostname);
			if (
				provider === undefined ||
				provider.organizationNo !== flow.organizationNo ||
				provider.issuer !== flow.issuer ||
				provider.clientId !== flow.clientId
			)
				throw new SignInRefused('off');
			const { search } = new URL(request.url, 'http://portal.invalid');
			const member = await finishFlow(database, clients, provider, flow, search);
			await openSession(options, request, reply, {
				...member,
				organizationNo: provider.organizationNo,
				by: provider.issuer,
				proof: null,
			});
			return reply.redirect(flow.next);
		}),
	);

	serve(app, showSignInProvider, async ({ principal, request }) => {
		const provider = await readProvider(database, requireWholeOrganization(principal.scope));
		return {
			redirectUri: redirectUriOf(request),
			provider: provider === undefined ? null : knownOf(provider),
		};
	});
	serve(app, configureSignInProvider, async (call) => {
		sessionIdOf(call.principal);
		const { before, after, clientSecret } = call.body;
		await configureProvider(options, actorOf(call), before, after, clientSecret);
		return {};
	});
	serve(app, removeSignInProvider, async (call) => {
		sessionIdOf(call.principal);
		await removeProvider(options, actorOf(call));
		return {};
	});
	serve(app, checkSignInProvider, async (call) => {
		const problem = await checkProvider(options, actorOf(call));
		return { isAnswering: problem === null, problem };
	});
}

/** Leads to the sign-in page, which says why, where a sign-in at the provider came to nothing. */
async function orSignInPage(
	app: FastifyInstance,
	request: FastifyRequest,
	reply: FastifyReply,
	step: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
	reply.header('cache-control', 'no-store');
	if (!app.isDatabaseUp()) return refuse(reply, 'unreachable');
	try {
		return await step();
	} catch (error) {
		if (!(error instanceof SignInRefused)) throw error;
		const { refusal, cause } = error;
		// What the provider said in full may hold tokens.
		const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : null;
		request.log.warn({ refusal, reason, address: request.ip }, 'sign-in at the provider refused');
		return refuse(reply, refusal);
	}
}

function refuse(reply: FastifyReply, refusal: ProviderRefusal): FastifyReply {
	return reply.redirect(`/sign-in?refused=${refusal}`);
}

/** Where the provider sends browsers back to: at the address under which this one came. */
function redirectUriOf(request: FastifyRequest): string {
	const address = `${request.protocol}://${request.host}${providerCallbackPath}`;
	if (!URL.canParse(address))
		throw fault('invalid_input', { summary: 'The Host header is not valid.' });
	return new URL(address).href;
}

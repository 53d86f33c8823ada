import { queryOptions } from '@tanstack/react-query';
import type { EndpointReply } from '#contract/endpoint.ts';
import { showPortal, showSession } from '#modules/access/contract.ts';
import { call } from '#web/api/call.ts';

export type Session = EndpointReply<typeof showSession>;

/** Who is signed in. It does not grow old: a call that answers 401 says when it is over. */
export const sessionQuery = queryOptions({
	queryKey: ['session'],
	queryFn: ({ signal }) => call(showSession, {}, signal),
	staleTime: Number.POSITIVE_INFINITY,
});

/** Brand, version and whether the installation still has to be set up. */
export const portalQuery = queryOptions({
	queryKey: ['portal'],
	queryFn: ({ signal }) => call(showPortal, {}, signal),
	staleTime: 60_000,
});

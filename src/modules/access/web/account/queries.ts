import { queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { listOwnSessions, showAccount } from '../../contract.ts';

/** Everything below this key is one's own account. */
export const accountKey = ['account'] as const;

export const accountQuery = queryOptions({
	queryKey: [...accountKey, 'facts'],
	queryFn: ({ signal }) => call(showAccount, {}, signal),
});

export const sessionsQuery = queryOptions({
	queryKey: [...accountKey, 'sessions'],
	queryFn: ({ signal }) => call(listOwnSessions, {}, signal),
});

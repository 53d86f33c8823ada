import { queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { showSignInProvider } from '../../contract.ts';

export const providerQuery = queryOptions({
	queryKey: ['sign-in-provider'],
	queryFn: ({ signal }) => call(showSignInProvider, {}, signal),
});

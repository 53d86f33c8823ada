import { queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import { showSignInPolicy } from '../../contract.ts';

export const policyQuery = queryOptions({
	queryKey: ['sign-in-policy'],
	queryFn: ({ signal }) => call(showSignInPolicy, {}, signal),
});

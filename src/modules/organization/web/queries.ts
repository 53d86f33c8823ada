import { queryOptions } from '@tanstack/react-query';
import type { EndpointReply } from '#contract/endpoint.ts';
import { call } from '#web/api/call.ts';
import { showOrganization } from '../contract.ts';

export type OwnOrganization = EndpointReply<typeof showOrganization>;

/** What the own organization is set to. */
export const organizationQuery = queryOptions({
	queryKey: ['organization'],
	queryFn: ({ signal }) => call(showOrganization, {}, signal),
});

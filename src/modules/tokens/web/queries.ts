import { queryOptions, skipToken } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';
import {
	listTokenDevices,
	listTokenFilters,
	listTokenOwners,
	showToken,
	tokenKindLabels,
	tokenKinds,
	tokenStateLabels,
	tokenStates,
} from '../contract.ts';

/** Below the grid's own key, so that what was changed is read anew with the list. */
export function tokenDetailsQuery(publicId: string) {
	return queryOptions({
		queryKey: ['grid', 'tokens', 'details', publicId],
		queryFn: ({ signal }) => readToken(publicId, signal),
	});
}

export function readToken(publicId: string, signal: AbortSignal) {
	return call(showToken, { params: { publicId } }, signal);
}

/** Members for whom the reader may issue tokens, by a part of their name or e-mail. */
export async function readOwners(q: string, signal: AbortSignal) {
	return (await call(listTokenOwners, { query: { q } }, signal)).owners;
}

/** Devices that the reader and the owner of a token to be both see. */
export function devicesQuery(ownerId: string | null, q: string) {
	return queryOptions({
		queryKey: ['token-devices', ownerId, q],
		queryFn:
			ownerId === null
				? skipToken
				: ({ signal }) => call(listTokenDevices, { query: { q, ownerId } }, signal),
	});
}

export async function ownerOptions(owner: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { owners } = await call(listTokenFilters, { query: { owner } }, signal);
	return owners.map((value) => ({ value, label: value }));
}

export async function stateOptions(): Promise<FilterOption[]> {
	return tokenStates.map((value) => ({ value, label: tokenStateLabels[value] }));
}

export async function kindOptions(): Promise<FilterOption[]> {
	return tokenKinds.map((value) => ({ value, label: tokenKindLabels[value] }));
}

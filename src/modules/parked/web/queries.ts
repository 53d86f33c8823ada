import { queryOptions } from '@tanstack/react-query';
import { call } from '#web/api/call.ts';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';
import {
	discardParked,
	listParkedFilters,
	replayParked,
	type Selection,
	showParked,
	showReplay,
} from '../contract.ts';
import { reasonText } from './reason-words.ts';

const progressEveryMs = 1_000;

/** One message with the beginning of its body. */
export function parkedQuery(parkedNo: number) {
	return queryOptions({
		queryKey: ['parked', parkedNo],
		queryFn: ({ signal }) => readParked(String(parkedNo), signal),
	});
}

export function readParked(parkedNo: string, signal: AbortSignal) {
	return call(showParked, { params: { parkedNo } }, signal);
}

/** How far the newest replay has come; follows one that is running. */
export const replayQuery = queryOptions({
	queryKey: ['parked', 'replay'],
	queryFn: ({ signal }) => call(showReplay, {}, signal),
	refetchInterval: (query) =>
		query.state.data?.replay?.state === 'running' ? progressEveryMs : false,
});

export function replay(selection: Selection, confirm: string) {
	return call(replayParked, { body: { selection, confirm } });
}

export function discard(selection: Selection, confirm: string) {
	return call(discardParked, { body: { selection, confirm } });
}

export async function reasonOptions(_: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { reasons } = await call(listParkedFilters, {}, signal);
	return reasons.map((value) => ({ value, label: reasonText(value) }));
}

export async function deviceOptions(device: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { deviceIds } = await call(listParkedFilters, { query: { device } }, signal);
	return deviceIds.map((value) => ({ value, label: value }));
}

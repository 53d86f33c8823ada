import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type StatusCounts, statuses } from '#contract/status.ts';
import { call } from '#web/api/call.ts';
import { noteServerTime } from '#web/clock/server-clock.ts';
import { useTopic } from '#web/live/feed.tsx';
import { type GridAddress, selectionOf, withFilter } from '#web/ui/grid-page/grid-address.ts';
import type { Grid } from '#web/ui/grid-page/use-grid.ts';
import { type FleetPage, type FleetRow, fleetCountsTopic, fleetRowsTopic } from '../contract.ts';
import { patchCounts, patchRow, patchRows } from './fleet-patch.ts';

const recountEveryMs = 15_000;

/** Keeps the rows of a fleet grid up to date, in place, while it is in real time. @returns devices per status */
export function useFleetLive(grid: Grid<FleetRow, FleetPage>): StatusCounts | undefined {
	const { address, page, rows, open, isRealtime, patchPages, patchOpen, renew } = grid;
	const watched = numbersOf(open.row === undefined ? rows : [...rows, open.row]);
	const isWholeScope = countsWholeScope(address);
	const recount = useRecount(grid, isRealtime && !isWholeScope);

	const asOfMs = page.data?.asOfMs;
	useEffect(() => {
		if (asOfMs !== undefined) noteServerTime(asOfMs);
	}, [asOfMs]);

	useTopic(
		fleetRowsTopic,
		isRealtime && watched.length > 0 ? { deviceNos: watched } : null,
		({ rows: changed, moved }) => {
			if (moved.length > 0) renew();
			patchPages((reply) => patchRows(reply, changed));
			patchOpen((row) => {
				const live = changed.find((each) => each.deviceNo === row.deviceNo);
				return live ? patchRow(row, live) : row;
			});
		},
	);
	const devices = useRef<number>(null);
	useTopic(fleetCountsTopic, isRealtime ? {} : null, ({ counts }) => {
		const before = devices.current;
		devices.current = totalOf(counts);
		// Devices came into what the reader sees, or left it.
		if (before !== null && before !== devices.current) renew();
		if (isWholeScope) patchPages((reply) => patchCounts(reply, counts, chosenStatuses(address)));
	});
	return isWholeScope ? page.data?.counts : (recount ?? page.data?.counts);
}

function totalOf(counts: StatusCounts): number {
	return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The statuses a fleet grid is filtered by; none stands for all. */
export function chosenStatuses({ filters }: GridAddress) {
	const named = new Set(filters.status?.split(','));
	return statuses.filter((status) => named.has(status));
}

/** Whether the counts of the statuses are those of everything the reader may see. */
function countsWholeScope({ q, filters }: GridAddress): boolean {
	return q === '' && Object.keys(filters).every((name) => name === 'status');
}

/** Counts of a search or filter, for which no feed exists, so they are asked for now and then. */
function useRecount({ definition, address }: Grid<FleetRow, FleetPage>, enabled: boolean) {
	const query = { ...withFilter(selectionOf(address), 'status', ''), pageSize: '1' };
	const { data } = useQuery({
		queryKey: ['grid', definition.key, 'counts', query],
		queryFn: async ({ signal }) => (await call(definition.list, { query }, signal)).counts,
		enabled,
		refetchInterval: recountEveryMs,
	});
	return data;
}

/** Sorted, so that another order of the same rows is the same subscription. */
function numbersOf(rows: readonly FleetRow[]): number[] {
	return [...new Set(rows.map((row) => row.deviceNo))].sort((a, b) => a - b);
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect } from 'react';
import { useTopic } from '#web/live/feed.tsx';
import { type DeviceLive, type FleetRow, fleetCountsTopic, fleetRowsTopic } from '../contract.ts';
import { type ConsoleAddress, countsWholeScope } from './console-address.ts';
import { type FleetPage, patchCounts, patchRow, patchRows } from './fleet-patch.ts';
import { fleetCountsQuery, fleetDeviceQuery, fleetPageQuery } from './queries.ts';

const reorderEveryMs = 30_000;
const recountEveryMs = 15_000;

/**
 * The console's page of the fleet and the device whose details are open, kept up to date while `isRealtime`. Rows
 * change in place; their order is renewed only while neither pointer nor focus is in `grid`.
 */
export function useFleet(
	address: ConsoleAddress,
	isRealtime: boolean,
	grid: RefObject<HTMLElement | null>,
) {
	const page = useQuery(fleetPageQuery(address));
	const isWholeScope = countsWholeScope(address);
	const recount = useQuery({
		...fleetCountsQuery(address),
		enabled: isRealtime && !isWholeScope,
		refetchInterval: recountEveryMs,
	});
	const device = useOpenDevice(address.row, page.data?.rows);

	usePatches(
		address,
		isRealtime
			? numbersOf([...(page.data?.rows ?? []), ...(device.row ? [device.row] : [])])
			: null,
	);
	useReordering(isRealtime, grid, page.refetch);
	return {
		page,
		counts: isWholeScope ? page.data?.counts : (recount.data ?? page.data?.counts),
		device,
	};
}

/** Sorted, so that another order of the same rows is the same subscription. */
function numbersOf(rows: readonly FleetRow[]): number[] {
	return [...new Set(rows.map((row) => row.deviceNo))].sort((a, b) => a - b);
}

function usePatches(address: ConsoleAddress, deviceNos: number[] | null): void {
	const queryClient = useQueryClient();
	const active = { queryKey: ['fleet', 'page'], type: 'active' } as const;

	function patchPages(patch: (page: FleetPage) => FleetPage): void {
		queryClient.setQueriesData<FleetPage>(active, (page) => page && patch(page));
	}

	function takeRows(rows: readonly DeviceLive[]): void {
		patchPages((page) => patchRows(page, rows));
		if (address.row === null) return;
		queryClient.setQueryData(fleetDeviceQuery(address.row).queryKey, (open) => {
			const live = rows.find((row) => row.deviceNo === open?.deviceNo);
			return open && live ? patchRow(open, live) : undefined;
		});
	}

	useTopic(
		fleetRowsTopic,
		deviceNos === null || deviceNos.length === 0 ? null : { deviceNos },
		({ rows }) => takeRows(rows),
	);
	useTopic(
		fleetCountsTopic,
		deviceNos === null || !countsWholeScope(address) ? null : {},
		({ counts }) => patchPages((page) => patchCounts(page, counts, address.status)),
	);
}

/** The device of the detail panel: the row of the page if it is there, else asked for by itself. */
function useOpenDevice(deviceId: string | null, rows: readonly FleetRow[] | undefined) {
	const queryClient = useQueryClient();
	const listed = rows?.find((row) => row.deviceId === deviceId);
	const { queryKey } = fleetDeviceQuery(deviceId ?? '');
	// A row that leaves the page on the next reading stays open with what was known of it.
	useEffect(() => {
		if (listed) queryClient.setQueryData(fleetDeviceQuery(listed.deviceId).queryKey, listed);
	}, [listed, queryClient]);
	const asked = useQuery({
		...fleetDeviceQuery(deviceId ?? ''),
		enabled: deviceId !== null && rows !== undefined && !listed,
	});
	return {
		row: listed ?? (deviceId === null ? undefined : asked.data),
		error: listed ? null : asked.error,
		retry: () => void queryClient.refetchQueries({ queryKey }),
	};
}

function useReordering(
	isRealtime: boolean,
	grid: RefObject<HTMLElement | null>,
	refetch: () => Promise<unknown>,
): void {
	useEffect(() => {
		if (!isRealtime) return;
		const timer = setInterval(() => {
			if (document.hidden || grid.current?.matches(':hover, :focus-within')) return;
			void refetch();
		}, reorderEveryMs);
		return () => clearInterval(timer);
	}, [isRealtime, grid, refetch]);
}

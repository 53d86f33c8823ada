import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Pager } from '#web/ui/pager.tsx';
import { StatusChips } from '#web/ui/status-chips.tsx';
import type { FleetRow, FleetSort } from '../contract.ts';
import { isFiltered, pageSizes, withoutFilters } from './console-address.ts';
import classes from './console-page.module.css';
import { DevicePanel, DeviceSheet } from './parts/device-panel.tsx';
import { FleetCards } from './parts/fleet-cards.tsx';
import { FleetFault, FleetSkeleton, NothingToShow, OlderRows } from './parts/fleet-states.tsx';
import { FleetTable } from './parts/fleet-table.tsx';
import { Toolbar } from './parts/toolbar.tsx';
import { useConsoleAddress } from './use-console-address.ts';
import { useFleet } from './use-fleet.ts';

export default function ConsolePage() {
	const [address, change] = useConsoleAddress();
	const [isRealtime, setIsRealtime] = useState(true);
	const grid = useRef<HTMLDivElement>(null);
	const search = useRef<HTMLInputElement>(null);
	const isPhone = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
	const { page, counts, device } = useFleet(address, isRealtime, grid);
	const rows = page.data?.rows ?? [];

	const open = useCallback(
		(row: FleetRow) => change({ row: row.deviceId }, { replace: address.row !== null }),
		[change, address.row],
	);
	const close = () => change({ row: null }, { replace: true });
	const sortBy = useCallback(
		(sort: FleetSort) => {
			const direction = sort === address.sort && address.direction === 'asc' ? 'desc' : 'asc';
			change({ sort, direction, page: 1 });
		},
		[change, address.sort, address.direction],
	);

	/** Opens the row so many places after the open one. */
	function step(places: number) {
		if (address.row === null) return;
		const at = rows.findIndex((row) => row.deviceId === address.row);
		const next = at === -1 ? rows[0] : rows[at + places];
		if (!next) return;
		open(next);
		const row = grid.current?.querySelector(`[data-device-id="${CSS.escape(next.deviceId)}"]`);
		row?.scrollIntoView({ block: 'nearest' });
		if (grid.current?.querySelector('[data-row-button]:focus')) {
			row?.querySelector<HTMLElement>('[data-row-button]')?.focus();
		}
	}

	useHotkeys([
		['/', () => search.current?.focus()],
		['J', () => step(1)],
		['K', () => step(-1)],
		['Escape', () => address.row !== null && close()],
	]);

	// A bookmark of a page that the fleet no longer reaches.
	const lastPage = Math.max(1, Math.ceil((page.data?.total ?? 0) / address.pageSize));
	const isPastEnd =
		page.data?.totalIsExact === true && !page.isPlaceholderData && address.page > lastPage;
	useEffect(() => {
		if (isPastEnd) change({ page: lastPage }, { replace: true });
	}, [isPastEnd, lastPage, change]);

	const Panel = isPhone ? DeviceSheet : DevicePanel;
	return (
		<div className={classes.console}>
			<StatusChips
				counts={counts}
				areExact={page.data?.totalIsExact ?? true}
				family={address.family ?? 'ev'}
				chosen={address.status}
				onChoose={(status) => change({ status, page: 1 })}
			/>
			<div className={classes.split}>
				<div ref={grid} className={classes.card}>
					<div className={classes.progress} data-busy={page.isPlaceholderData || undefined} />
					<Toolbar
						address={address}
						onChange={change}
						isRealtime={isRealtime}
						onRealtime={setIsRealtime}
						readAtMs={page.dataUpdatedAt}
						hasFailed={page.error !== null}
						isFetching={page.isFetching}
						onRefresh={() => void page.refetch()}
						isPhone={isPhone}
						searchRef={search}
					/>
					{page.error && page.data ? (
						<OlderRows error={page.error} onRetry={() => void page.refetch()} />
					) : null}
					{page.data === undefined ? (
						page.error ? (
							<FleetFault error={page.error} onRetry={() => void page.refetch()} />
						) : (
							<FleetSkeleton />
						)
					) : rows.length === 0 ? (
						<NothingToShow
							isFiltered={isFiltered(address)}
							onClear={() => change(withoutFilters)}
						/>
					) : isPhone ? (
						<FleetCards rows={rows} openId={address.row} onOpen={open} />
					) : (
						<FleetTable rows={rows} address={address} onSort={sortBy} onOpen={open} />
					)}
					{page.data === undefined ? null : (
						<Pager
							page={address.page}
							pageSize={address.pageSize}
							pageSizes={pageSizes}
							total={page.data.total}
							isExact={page.data.totalIsExact}
							onPage={(next) => change({ page: next })}
							onPageSize={(pageSize) => change({ pageSize, page: 1 })}
						/>
					)}
				</div>
				{address.row === null ? null : (
					<Panel row={device.row} error={device.error} onRetry={device.retry} onClose={close} />
				)}
			</div>
		</div>
	);
}

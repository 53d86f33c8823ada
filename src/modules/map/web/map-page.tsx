import { ActionIcon, Button, Drawer, Loader, Tooltip, useComputedColorScheme } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import {
	IconCloudOff,
	IconFilterOff,
	IconLayoutSidebarLeftCollapse,
	IconLayoutSidebarLeftExpand,
	IconListTree,
	IconMapOff,
	IconTruckOff,
} from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { mercatorX, mercatorY } from '#contract/mercator.ts';
import { Attribution } from '#web/map/attribution.tsx';
import { MapControls } from '#web/map/map-controls.tsx';
import { useSession } from '#web/session/session.ts';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import type { FoundDevice, MapCity } from '../contract.ts';
import { compactCount } from './compact-count.ts';
import type { FleetView } from './fleet/fleet-store.ts';
import classes from './map-page.module.css';
import { classesFor, shownBy } from './map-reading.ts';
import { DeviceCard } from './parts/device-card.tsx';
import { MapChips } from './parts/map-chips.tsx';
import { RegionsPanel } from './parts/regions-panel.tsx';
import type { Region } from './regions.ts';
import { text } from './text.ts';
import { useChosenDevice } from './use-chosen-device.ts';
import { useFleetMap } from './use-fleet-map.ts';
import { useLiveFleet } from './use-live-fleet.ts';
import { useMapAddress } from './use-map-address.ts';
import type { FleetMap } from './view/fleet-map.ts';

const cityZoom = 11.5;
const deviceZoom = 14;

export default function MapPage() {
	const [address, change] = useMapAddress();
	const { role } = useSession();
	const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
	const isPhone = useMediaQuery('(max-width: 760px)', false, { getInitialValueInEffect: false });
	const [isPanelOpen, setIsPanelOpen] = useLocalStorage({
		key: 'map-panel',
		defaultValue: true,
		getInitialValueInEffect: false,
	});
	const [isSheetOpen, sheet] = useDisclosure(false);
	const [view, setView] = useState<FleetView | null>(null);
	const [hoveredNo, setHoveredNo] = useState<number | null>(null);
	const [map, setMap] = useState<FleetMap | null>(null);
	const { chosenNo, choose } = useChosenDevice(address, change, map !== null, lookAt);

	const filter = useMemo(
		() => ({
			customerNo: address.customer ?? undefined,
			locationNo: address.city ?? undefined,
		}),
		[address.customer, address.city],
	);
	const { fleet, snapshot, perSecond } = useLiveFleet(filter);
	const reading = classesFor(role);
	const shown = useMemo(() => shownBy(reading, address.status), [reading, address.status]);
	const isBesidePanel = !isPhone && isPanelOpen;
	const cardNo = hoveredNo ?? chosenNo;

	// The first fleet is looked at as a whole, unless the address says where to look.
	const hasPlace = useRef(address.at !== null || address.device !== null);
	const { container, overlay, card, isUnable, keepCard } = useFleetMap({
		map,
		onMap: setMap,
		fleet,
		scheme,
		start: address.at,
		shown,
		cardNo,
		chosenNo,
		isBesidePanel,
		isPlaced: () => hasPlace.current,
		write: compactCount,
		onView: setView,
		onHover: setHoveredNo,
		onSelect: choose,
		onRest: (at) => change({ at }, { replace: true }),
	});

	const bounds = snapshot.data?.bounds ?? null;
	const isSettled = !snapshot.isPending;
	useEffect(() => {
		if (map === null || !(isSettled || hasPlace.current)) return;
		if (bounds !== null && !hasPlace.current) {
			hasPlace.current = true;
			map.fit(bounds, { isSudden: true });
		}
		map.showLand();
	}, [map, bounds, isSettled]);

	function lookAt({ lat, lon }: FoundDevice): void {
		if (lat !== null && lon !== null) map?.flyTo({ lat, lon, zoom: deviceZoom });
	}

	function show(device: FoundDevice): void {
		choose(device.deviceNo);
		sheet.close();
		lookAt(device);
	}

	function showCity({ lat, lon }: MapCity): void {
		sheet.close();
		map?.flyTo({ lat, lon, zoom: cityZoom });
	}

	function showRegion({ cities }: Region): void {
		const [first] = cities;
		if (first !== undefined && cities.length === 1) showCity(first);
		else if (first !== undefined) {
			sheet.close();
			map?.fit(boundsOfCities(cities));
		}
	}

	const panel = (
		<RegionsPanel
			address={address}
			onChange={change}
			onRegion={showRegion}
			onCity={showCity}
			onDevice={show}
			isCounted={view !== null && isSettled}
			withoutPosition={view?.withoutPosition ?? 0}
			perSecond={perSecond}
		>
			{isPhone ? null : (
				<Tooltip label={text('hidePanel')}>
					<ActionIcon
						variant="subtle"
						color="gray"
						c="inherit"
						size={32}
						aria-label={text('hidePanel')}
						onClick={() => setIsPanelOpen(false)}
					>
						<IconLayoutSidebarLeftCollapse size={19} stroke={1.6} />
					</ActionIcon>
				</Tooltip>
			)}
		</RegionsPanel>
	);
	const isFiltered = address.customer !== null || address.city !== null;
	const isEmpty = snapshot.data?.count === 0 && view !== null && sum(view.counts) === 0;
	return (
		<div className={classes.page} data-panel={isBesidePanel || undefined}>
			<div ref={container} className={classes.map} data-ready={map !== null || undefined} />
			{/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus */}
			<canvas ref={overlay} className={classes.overlay} aria-hidden="true" />
			{isBesidePanel ? (
				<aside className={classes.panel} aria-label={text('regionsName')}>
					{panel}
				</aside>
			) : null}
			<div className={classes.top}>
				{isPhone || isPanelOpen ? null : (
					<Tooltip label={text('showPanel')}>
						<ActionIcon
							variant="default"
							size={32}
							aria-label={text('showPanel')}
							onClick={() => setIsPanelOpen(true)}
						>
							<IconLayoutSidebarLeftExpand size={19} stroke={1.6} />
						</ActionIcon>
					</Tooltip>
				)}
				<MapChips
					reading={reading}
					counts={snapshot.data === undefined ? undefined : view?.counts}
					chosen={address.status}
					onChoose={(status) => change({ status })}
				/>
			</div>
			{cardNo === null ? null : (
				// biome-ignore lint/a11y/noStaticElementInteractions: the pointer may go over to the card; it does nothing by itself
				<div
					ref={card}
					className={classes.card}
					onMouseEnter={() => keepCard(true)}
					onMouseLeave={() => keepCard(false)}
				>
					<DeviceCard
						deviceNo={cardNo}
						onClose={
							cardNo === chosenNo
								? () => {
										choose(null);
										setHoveredNo(null);
									}
								: null
						}
					/>
				</div>
			)}
			<div className={classes.corner}>
				<MapControls
					onZoom={(levels) => map?.zoomBy(levels)}
					fitLabel={text('fit')}
					onFit={() => bounds !== null && map?.fit(bounds)}
				/>
				<Attribution />
			</div>
			{isPhone ? (
				<Button
					className={classes.sheetButton}
					variant="default"
					leftSection={<IconListTree size={18} stroke={1.7} aria-hidden />}
					onClick={sheet.open}
				>
					{text('regions')}
				</Button>
			) : null}
			<Drawer
				opened={isPhone && isSheetOpen}
				onClose={sheet.close}
				position="bottom"
				size="76%"
				title={text('regions')}
				closeButtonProps={{ 'aria-label': text('close') }}
				classNames={{ body: classes.sheetBody, content: classes.sheet }}
			>
				{panel}
			</Drawer>
			<State
				isLoading={snapshot.isLoading || (fleet !== null && snapshot.isPending && map !== null)}
				error={snapshot.error}
				hasFleet={snapshot.data !== undefined}
				onRetry={() => void snapshot.refetch()}
				isUnable={isUnable}
				isEmpty={isEmpty}
				isFiltered={isFiltered}
				onClear={() => change({ customer: null, city: null })}
			/>
		</div>
	);
}

interface StateProps {
	readonly isLoading: boolean;
	readonly error: Error | null;
	readonly hasFleet: boolean;
	readonly onRetry: () => void;
	readonly isUnable: boolean;
	readonly isEmpty: boolean;
	readonly isFiltered: boolean;
	readonly onClear: () => void;
}

/** What stands over the map while it does not show the fleet as it is. */
function State(props: StateProps) {
	if (props.isUnable) {
		return (
			<div className={classes.state} role="alert">
				<MessagePanel icon={IconMapOff} title={text('noMapTitle')} detail={text('noMapDetail')} />
			</div>
		);
	}
	if (props.error !== null && props.hasFleet) {
		return (
			<div className={classes.older} role="alert">
				<span>{text('olderFleet', { reason: props.error.message })}</span>
				<Button size="compact-sm" variant="default" onClick={props.onRetry}>
					{text('retry')}
				</Button>
			</div>
		);
	}
	if (props.error !== null) {
		return (
			<div className={classes.state} role="alert">
				<MessagePanel icon={IconCloudOff} title={text('faultTitle')} detail={props.error.message}>
					<Button variant="default" onClick={props.onRetry}>
						{text('retry')}
					</Button>
				</MessagePanel>
			</div>
		);
	}
	if (props.isLoading) {
		return (
			<div className={classes.older} role="status">
				<Loader size="xs" />
				{text('loading')}
			</div>
		);
	}
	if (!props.isEmpty) return null;
	return (
		<div className={classes.state} role="status">
			{props.isFiltered ? (
				<MessagePanel icon={IconFilterOff} title={text('noneTitle')} detail={text('noneDetail')}>
					<Button variant="default" onClick={props.onClear}>
						{text('clearFilters')}
					</Button>
				</MessagePanel>
			) : (
				<MessagePanel icon={IconTruckOff} title={text('emptyTitle')} detail={text('emptyDetail')} />
			)}
		</div>
	);
}

function sum(counts: Uint32Array): number {
	return counts.reduce((total, count) => total + count, 0);
}

/** The box around a region's cities, which lie on one side of the antimeridian, with room for their surroundings. */
function boundsOfCities(cities: readonly MapCity[]) {
	const xs = cities.map(({ lon }) => mercatorX(lon));
	const ys = cities.map(({ lat }) => mercatorY(lat));
	const west = Math.min(...xs);
	const north = Math.min(...ys);
	return { west, north, width: Math.max(...xs) - west, height: Math.max(...ys) - north };
}

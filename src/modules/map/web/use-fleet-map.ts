import { type RefObject, useEffect, useRef, useState } from 'react';
import type { MapScheme } from '#web/map/basemap-style.ts';
import { useSession } from '#web/session/session.ts';
import type { FleetClient } from './fleet/fleet-client.ts';
import type { FleetView } from './fleet/fleet-store.ts';
import { text } from './text.ts';
import type { Covered } from './view/camera.ts';
import { createFleetMap, type FleetMap, type Place, type Shown } from './view/fleet-map.ts';

interface FleetMapProps {
	/** Null until the map is there; the page keeps what `onMap` hands it. */
	readonly map: FleetMap | null;
	readonly onMap: (map: FleetMap | null) => void;
	readonly fleet: FleetClient | null;
	readonly scheme: MapScheme;
	readonly start: Place | null;
	readonly shown: Shown;
	/** Device whose card is open; its element follows it. */
	readonly cardNo: number | null;
	readonly chosenNo: number | null;
	readonly isBesidePanel: boolean;
	/** Whether the map looks where it is meant to, and not at the world until it knows. */
	readonly isPlaced: () => boolean;
	readonly write: (count: number) => string;
	readonly onView: (view: FleetView) => void;
	readonly onHover: (deviceNo: number | null) => void;
	readonly onSelect: (deviceNo: number | null) => void;
	readonly onRest: (place: Place) => void;
}

const world: Place = { lon: 20, lat: 20, zoom: 1.6 };
const panelPx = 314;
const chipsPx = 52;
/** A pointer on its way to a card may leave the device for so long. */
const leaveMs = 280;
const cardGapPx = 14;

/** Keeps a map in `container` while its component is on the page; React says what it shows, the map draws by itself. */
export function useFleetMap(props: FleetMapProps) {
	const { map, fleet, scheme, shown, chosenNo } = props;
	const container = useRef<HTMLDivElement>(null);
	const overlay = useRef<HTMLCanvasElement>(null);
	const card = useRef<HTMLDivElement>(null);
	const [isUnable, setIsUnable] = useState(false);
	const { ownTiles } = useSession();
	const latest = useRef(props);
	useEffect(() => {
		latest.current = props;
	});
	const hover = useLingering((deviceNo: number | null) => latest.current.onHover(deviceNo));

	useEffect(() => {
		if (fleet === null || container.current === null || overlay.current === null) return;
		let made: FleetMap | null = null;
		let isOver = false;
		let isUsable = false;
		createFleetMap({
			container: container.current,
			overlay: overlay.current,
			fleet,
			scheme: latest.current.scheme,
			start: latest.current.start ?? world,
			label: text('mapName'),
			ownTiles,
			shown: latest.current.shown,
			write: (count) => latest.current.write(count),
			covered: () => coveredBy(latest.current.isBesidePanel),
			onView: (view) => {
				latest.current.onView(view);
				if (isUsable || !latest.current.isPlaced() || view.counts.every((count) => count === 0))
					return;
				isUsable = true;
				// The frame after the next one has it on the screen.
				requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('map-usable')));
			},
			onHover: hover.change,
			onSelect: (deviceNo) => latest.current.onSelect(deviceNo),
			onRest: (place) => latest.current.onRest(place),
			onFrame: (whereIs) => placeCard(container, card, latest.current.cardNo, whereIs),
		}).then(
			(created) => {
				if (isOver) return created.remove();
				made = created;
				latest.current.onMap(created);
			},
			(error: unknown) => {
				console.error('The map cannot be drawn', error);
				if (!isOver) setIsUnable(true);
			},
		);
		return () => {
			isOver = true;
			made?.remove();
			latest.current.onMap(null);
		};
	}, [fleet, hover, ownTiles]);

	useEffect(() => map?.setScheme(scheme), [map, scheme]);
	useEffect(() => map?.setShown(shown), [map, shown]);
	useEffect(() => map?.select(chosenNo), [map, chosenNo]);
	return { container, overlay, card, isUnable, keepCard: hover.keep };
}

interface Lingering {
	change(deviceNo: number | null): void;
	/** While kept, leaving the device changes nothing. */
	keep(isKept: boolean): void;
}

/** Tells which device is pointed at, "none" only after a moment. */
function useLingering(tell: (deviceNo: number | null) => void): Lingering {
	const latest = useRef(tell);
	useEffect(() => {
		latest.current = tell;
	});
	const [lingering] = useState<Lingering>(() => {
		let told: number | null = null;
		let timer: ReturnType<typeof setTimeout> | undefined;
		function set(deviceNo: number | null): void {
			told = deviceNo;
			latest.current(deviceNo);
		}
		function leave(): void {
			timer ??= setTimeout(() => {
				timer = undefined;
				set(null);
			}, leaveMs);
		}
		function stay(): void {
			clearTimeout(timer);
			timer = undefined;
		}
		return {
			change(deviceNo) {
				if (deviceNo === null) {
					if (told !== null) leave();
					return;
				}
				stay();
				if (deviceNo !== told) set(deviceNo);
			},
			keep(isKept) {
				if (isKept) stay();
				else if (told !== null) leave();
			},
		};
	});
	return lingering;
}

/** What lies over the map: the panel on the side where reading begins, the chips above. */
function coveredBy(isBesidePanel: boolean): Covered {
	const side = isBesidePanel ? panelPx : 0;
	const isRightToLeft = document.documentElement.dir === 'rtl';
	return {
		left: isRightToLeft ? 0 : side,
		right: isRightToLeft ? side : 0,
		top: chipsPx,
		bottom: 0,
	};
}

/** Puts the card beside its device, on the side where there is room. */
function placeCard(
	container: RefObject<HTMLElement | null>,
	card: RefObject<HTMLElement | null>,
	deviceNo: number | null,
	whereIs: (deviceNo: number) => { x: number; y: number } | null,
): void {
	const element = card.current;
	if (element === null || container.current === null || deviceNo === null) return;
	const { clientWidth, clientHeight } = container.current;
	const { offsetWidth, offsetHeight } = element;
	const at = whereIs(deviceNo);
	if (at === null) {
		// Nobody knows where it is, or it is inside a bubble: the card stands by itself.
		element.style.transform = `translate(${clientWidth - offsetWidth - 64}px, ${chipsPx + 8}px)`;
	} else {
		const beyond = at.x + cardGapPx + offsetWidth > clientWidth;
		const x = beyond ? at.x - cardGapPx - offsetWidth : at.x + cardGapPx;
		const y = Math.min(at.y + cardGapPx, clientHeight - offsetHeight - 8);
		element.style.transform = `translate(${Math.round(Math.max(8, x))}px, ${Math.round(Math.max(8, y))}px)`;
	}
	element.style.visibility = 'visible';
}

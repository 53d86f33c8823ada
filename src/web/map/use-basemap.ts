import { useComputedColorScheme } from '@mantine/core';
import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useSession } from '#web/session/session.ts';
import type { Basemap } from './create-map.ts';
import type { FlatCamera } from './flat-camera.ts';

export interface EmbeddedBasemap {
	/** Where the map looks in this very frame. */
	readonly camera: FlatCamera;
	/** Whether there is a map; a browser without WebGL 2 has none. */
	readonly isThere: boolean;
	zoomBy(levels: number): void;
	/** Looks where `home` is again. */
	goHome(): void;
}

/**
 * Keeps a basemap in `container`, whose code is loaded now that it is needed. Until somebody moves it, it looks at `home`,
 * also when that changes.
 */
export function useBasemap(
	container: RefObject<HTMLElement | null>,
	home: FlatCamera,
	label: string,
): EmbeddedBasemap {
	const { ownTiles } = useSession();
	const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
	const [basemap, setBasemap] = useState<Basemap | null>(null);
	const [seen] = useState(createSeen);
	const isMoved = useRef(false);
	const first = useRef({ home, scheme, label });

	useEffect(() => {
		let isOver = false;
		let made: Basemap | null = null;
		async function make(element: HTMLElement): Promise<void> {
			const { createBasemap } = await import('./create-map.ts');
			if (isOver) return;
			const { home: start, ...rest } = first.current;
			const created = await createBasemap({
				...rest,
				container: element,
				center: [start.lon, start.lat],
				zoom: start.zoom,
				ownTiles,
				isEmbedded: true,
			});
			if (isOver) return created.remove();
			made = created;
			created.map.on('move', () => seen.set(cameraOf(created)));
			created.map.on('movestart', ({ originalEvent }) => {
				if (originalEvent !== undefined) isMoved.current = true;
			});
			setBasemap(created);
		}
		if (container.current !== null)
			make(container.current).catch((error: unknown) => {
				console.error('The map cannot be drawn', error);
			});
		return () => {
			isOver = true;
			made?.remove();
			setBasemap(null);
			seen.set(null);
		};
	}, [container, ownTiles, seen]);

	useEffect(() => basemap?.setScheme(scheme), [basemap, scheme]);
	useEffect(() => {
		if (basemap === null) return;
		if (!isMoved.current) basemap.map.jumpTo({ center: [home.lon, home.lat], zoom: home.zoom });
		basemap.showLand();
		seen.set(cameraOf(basemap));
	}, [basemap, home.lon, home.lat, home.zoom, seen]);

	// A store is read in the frame in which it changes, so that what is drawn above moves with the map.
	const camera = useSyncExternalStore(seen.listen, seen.get) ?? home;
	return {
		camera,
		isThere: basemap !== null,
		zoomBy(levels) {
			isMoved.current = true;
			basemap?.map.easeTo({ zoom: basemap.map.getZoom() + levels, animate: mayMove() });
		},
		goHome() {
			isMoved.current = false;
			basemap?.map.easeTo({
				center: [home.lon, home.lat],
				zoom: home.zoom,
				animate: mayMove(),
			});
		},
	};
}

function mayMove(): boolean {
	return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function cameraOf({ map }: Basemap): FlatCamera {
	const { lng, lat } = map.getCenter().wrap();
	return { lon: lng, lat, zoom: map.getZoom() };
}

function createSeen() {
	let camera: FlatCamera | null = null;
	const listeners = new Set<() => void>();
	return {
		get: () => camera,
		set(next: FlatCamera | null): void {
			camera = next;
			for (const listener of listeners) listener();
		},
		listen(listener: () => void): () => void {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

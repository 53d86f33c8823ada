import type { Icon } from '@tabler/icons-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';

/** Something that can be done to what is open on the page, offered in the command palette. */
export interface PaletteAction {
	readonly key: string;
	readonly label: string;
	/** To what it would be done. */
	readonly detail?: string;
	readonly icon: Icon;
	readonly run: () => void;
}

const offered: (readonly PaletteAction[])[] = [];
const listeners = new Set<() => void>();
let all: readonly PaletteAction[] = [];

function changed(): void {
	all = offered.flat();
	for (const listener of listeners) listener();
}

/** Offers actions while the component is on the page. Their words are compared; what they run is always the newest. */
export function usePaletteActions(actions: readonly PaletteAction[]): void {
	const latest = useRef(actions);
	useEffect(() => {
		latest.current = actions;
	});
	const words = JSON.stringify(actions.map(({ key, label, detail }) => [key, label, detail]));
	useEffect(() => {
		if (words === '[]') return;
		const list = latest.current.map((action) => ({
			...action,
			run: () => latest.current.find(({ key }) => key === action.key)?.run(),
		}));
		offered.push(list);
		changed();
		return () => {
			offered.splice(offered.indexOf(list), 1);
			changed();
		};
	}, [words]);
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

/** Every action offered now. */
export function useOfferedActions(): readonly PaletteAction[] {
	return useSyncExternalStore(subscribe, () => all);
}

import type { Icon } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';

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

/** Offers actions while the component is on the page; the list must keep its identity while nothing in it changes. */
export function usePaletteActions(actions: readonly PaletteAction[]): void {
	useEffect(() => {
		offered.push(actions);
		changed();
		return () => {
			offered.splice(offered.indexOf(actions), 1);
			changed();
		};
	}, [actions]);
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

/** Every action offered now. */
export function useOfferedActions(): readonly PaletteAction[] {
	return useSyncExternalStore(subscribe, () => all);
}

import { useEffect, useRef, useSyncExternalStore } from 'react';
import { areSingleKeysOn, type KeyBinding, offeredKeys, offerKeys, onKeysChanged } from './keys.ts';

/** Offers keys while the component is on the page. Their names are compared; what they run is always the newest. */
export function useKeys(bindings: readonly KeyBinding[]): void {
	const latest = useRef(bindings);
	useEffect(() => {
		latest.current = bindings;
	});
	const names = JSON.stringify(bindings.map(({ key, what }) => [key, what]));
	useEffect(() => {
		const offered = latest.current.map(({ key, what }) => ({
			key,
			what,
			run: () => latest.current.find((each) => each.key === key)?.run(),
		}));
		// The names decide whether to offer anew.
		return names === '[]' ? undefined : offerKeys(offered);
	}, [names]);
}

/** Every key offered now. */
export function useOfferedKeys(): readonly KeyBinding[] {
	return useSyncExternalStore(onKeysChanged, offeredKeys);
}

export function useSingleKeys(): boolean {
	return useSyncExternalStore(onKeysChanged, areSingleKeysOn);
}

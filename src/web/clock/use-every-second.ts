import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	timer ??= setInterval(() => {
		for (const each of listeners) each();
	}, 1_000);
	return () => {
		listeners.delete(listener);
		if (listeners.size > 0) return;
		clearInterval(timer);
		timer = undefined;
	};
}

/**
 * A value that depends on the time, looked at every second; the component renders again only when it changed.
 * `read` must return something comparable by identity (a text, a number, a boolean).
 */
export function useEverySecond<Value extends string | number | boolean>(read: () => Value): Value {
	return useSyncExternalStore(subscribe, read);
}

import { useEffect, useState } from 'react';

/** Code that comes when somebody needs it. */
export interface Later<Module> {
	/** Null until it is here. */
	readonly module: Module | null;
	readonly load: () => Promise<Module>;
}

/** Names code to be loaded later, as in `later(() => import('./grid-table.tsx'))`. */
export function later<Module>(load: () => Promise<Module>): Later<Module> {
	let module: Module | null = null;
	return {
		get module() {
			return module;
		},
		async load() {
			module = await load();
			return module;
		},
	};
}

/**
 * Loads code once it is wanted; null until it is here. Unlike React's `lazy` it keeps what a component's type leaves
 * open.
 */
export function useLater<Module>(code: Later<Module>, isWanted = true): Module | null {
	const [answer, setAnswer] = useState<{ module: Module } | { error: unknown } | null>(
		code.module === null ? null : { module: code.module },
	);
	useEffect(() => {
		if (!isWanted || answer !== null) return;
		let isHere = true;
		code.load().then(
			(module) => isHere && setAnswer({ module }),
			(error: unknown) => isHere && setAnswer({ error }),
		);
		return () => {
			isHere = false;
		};
	}, [code, isWanted, answer]);
	if (answer === null) return null;
	// The page that stands around says that it is broken, and offers to load anew.
	if ('error' in answer) throw answer.error;
	return answer.module;
}

import { createContext, use } from 'react';

/** Paths of the pages that whoever is signed in may open. */
export const OpenPagesContext = createContext<ReadonlySet<string>>(new Set());

/** Whether a page is there and open to whoever is signed in, so that a link to it leads somewhere. */
export function useMayOpen(path: string): boolean {
	return use(OpenPagesContext).has(path);
}

import type { EntrancePage } from '#web/page-offer.ts';
import { setupPath } from '../contract.ts';

/** The page behind the one-time setup link. */
export const setupEntrances: readonly EntrancePage[] = [
	{ path: setupPath, load: () => import('./setup-page.tsx') },
];

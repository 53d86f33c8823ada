import type { Role } from '#contract/roles.ts';
import { accessEntrances } from '#modules/access/web/index.ts';
import { auditPages } from '#modules/audit/web/index.ts';
import { customerPages } from '#modules/customers/web/index.ts';
import { devicePages } from '#modules/devices/web/index.ts';
import { fleetPages, fleetSearches } from '#modules/fleet/web/index.ts';
import { locationPages } from '#modules/locations/web/index.ts';
import { mapPages } from '#modules/map/web/index.ts';
import type { OptionalModule } from '#modules/organization/contract.ts';
import { organizationPages } from '#modules/organization/web/index.ts';
import { outboxPages } from '#modules/outbox/web/index.ts';
import { parkedPages } from '#modules/parked/web/index.ts';
import { productPages } from '#modules/products/web/index.ts';
import { setupEntrances } from '#modules/setup/web/index.ts';
import { tokenPages } from '#modules/tokens/web/index.ts';
import { userPages } from '#modules/users/web/index.ts';
import type { DetailPage, EntrancePage, ShellPage } from '#web/page-offer.ts';
import type { PaletteSearch } from '#web/palette/search.ts';

/** Every page inside the shell, in the order of the rail. The first that a role may open is its home. */
export const shellPages: readonly ShellPage[] = [
	...fleetPages,
	...mapPages,
	...productPages,
	...customerPages,
	...locationPages,
	...userPages,
	...parkedPages,
	...organizationPages,
	...tokenPages,
	...outboxPages,
	...auditPages,
];

/** Every page inside the shell without an entry in the rail. */
export const detailPages: readonly DetailPage[] = [...devicePages];

/** Every page that needs nobody signed in. */
export const entrancePages: readonly EntrancePage[] = [...accessEntrances, ...setupEntrances];

/** Pages that a role may open in an organization with these optional modules. */
export function pagesFor(role: Role, modules: readonly OptionalModule[]): readonly ShellPage[] {
	return shellPages.filter((page) => page.admits.includes(role) && isThere(page, modules));
}

/** Whether a page's module, if it belongs to an optional one, is on. */
export function isThere(
	{ module }: ShellPage | DetailPage,
	modules: readonly OptionalModule[],
): boolean {
	return module === undefined || modules.includes(module);
}

/** What the command palette searches. */
export const paletteSearches: readonly PaletteSearch[] = [...fleetSearches];

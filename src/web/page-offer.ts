import type { Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Role } from '#contract/roles.ts';
import type { OptionalModule } from '#modules/organization/contract.ts';

type LoadPage = () => Promise<{ default: ComponentType }>;

/** A page inside the shell, with its entry in the rail. What a module offers; the shell collects. */
export interface ShellPage {
	readonly path: `/${string}`;
	readonly title: string;
	readonly icon: Icon;
	/** Its group in the rail; without one it is among the pages of the fleet. */
	readonly section?: 'admin';
	/** Its place in the bottom bar of phones, which holds the first few; without one it stands behind "More". */
	readonly inBar?: {
		readonly place: number;
		/** One word. */
		readonly title: string;
	};
	/** The optional module it belongs to: without it the page is not there. */
	readonly module?: OptionalModule;
	/** Roles that may open it; the server checks each call again. */
	readonly admits: readonly Role[];
	readonly load: LoadPage;
}

/** A page inside the shell about one thing, reached from other pages: it has no entry in the rail. */
export interface DetailPage {
	/** Parameters as `$name`. */
	readonly path: `/${string}`;
	readonly title: string;
	/** As of a {@link ShellPage}. */
	readonly module?: OptionalModule;
	readonly admits: readonly Role[];
	readonly load: LoadPage;
}

/** A page of its own, before anybody is signed in. */
export interface EntrancePage {
	readonly path: `/${string}`;
	readonly load: LoadPage;
}

import type { Icon } from '@tabler/icons-react';
import type { Role } from '#contract/roles.ts';

/** Something that a text typed into the command palette found. */
export interface PaletteHit {
	readonly key: string;
	readonly label: string;
	readonly detail: string;
	/** Address to open. */
	readonly href: string;
}

/** What a module lets the command palette search for; the server looks. */
export interface PaletteSearch {
	readonly key: string;
	readonly title: string;
	readonly icon: Icon;
	readonly admits: readonly Role[];
	readonly find: (text: string, signal: AbortSignal) => Promise<readonly PaletteHit[]>;
}

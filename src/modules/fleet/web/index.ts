import { IconTruck } from '@tabler/icons-react';
import { fleetReaders } from '#contract/roles.ts';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { text } from './text.ts';

/** The Fleet Console. */
export const fleetPages: readonly ShellPage[] = [
	{
		path: paths.console,
		title: text('console'),
		icon: IconTruck,
		admits: fleetReaders,
		load: () => import('./console-page.tsx'),
	},
];

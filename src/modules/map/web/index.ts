import { IconMap2 } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { mapReaders } from '../contract.ts';
import { text } from './text.ts';

/** The Fleet Map. */
export const mapPages: readonly ShellPage[] = [
	{
		path: paths.map,
		title: text('map'),
		icon: IconMap2,
		inBar: { place: 1, title: text('mapInBar') },
		admits: mapReaders,
		load: () => import('./map-page.tsx'),
	},
];

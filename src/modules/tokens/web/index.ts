import { IconApi } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { tokenIssuers } from '../contract.ts';
import { offerText } from './offer-text.ts';

/** Where tokens for programs are issued and ended. */
export const tokenPages: readonly ShellPage[] = [
	{
		path: paths.tokens,
		title: offerText('page'),
		icon: IconApi,
		section: 'admin',
		admits: tokenIssuers,
		load: () => import('./tokens-page.tsx'),
	},
];

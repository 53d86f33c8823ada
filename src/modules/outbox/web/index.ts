import { IconMail } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { listMails } from '../contract.ts';
import { text } from './text.ts';

/** What the organization sends by mail. */
export const outboxPages: readonly ShellPage[] = [
	{
		path: paths.outbox,
		title: text('outbox'),
		icon: IconMail,
		section: 'admin',
		admits: listMails.admits,
		load: () => import('./outbox-page.tsx'),
	},
];

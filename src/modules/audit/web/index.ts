import { IconHistory } from '@tabler/icons-react';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { listAudit } from '../contract.ts';
import { text } from './text.ts';

/** Who changed what. */
export const auditPages: readonly ShellPage[] = [
	{
		path: paths.audit,
		title: text('audit'),
		icon: IconHistory,
		section: 'admin',
		admits: listAudit.admits,
		load: () => import('./audit-page.tsx'),
	},
];

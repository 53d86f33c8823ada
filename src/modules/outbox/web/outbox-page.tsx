import { IconMail, IconSend } from '@tabler/icons-react';
import { useMemo } from 'react';
import { call } from '#web/api/call.ts';
import { useRegion } from '#web/text/region.tsx';
import type { GridDefinition } from '#web/ui/grid-page/grid.ts';
import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import { listMails, type MailRow, mailStates, sendMailAgain, showMail } from '../contract.ts';
import { MailCard } from './parts/mail-card.tsx';
import { MailDetails } from './parts/mail-details.tsx';
import { MailStateBadge } from './parts/mail-state-badge.tsx';
import { MailSummary } from './parts/mail-summary.tsx';
import { text } from './text.ts';

/** The mails of the organization, and what became of them. */
export default function OutboxPage() {
	return <GridPage grid={useGrid(useDefinition())} />;
}

function useDefinition(): GridDefinition<MailRow> {
	const region = useRegion();
	return useMemo(
		() => ({
			key: 'outbox',
			list: listMails,
			label: text('outbox'),
			columns: [
				{
					key: 'created',
					title: text('created'),
					sort: 'created',
					widthPx: 190,
					cell: (row) => region.instant(row.createdAtMs),
				},
				{
					key: 'recipient',
					title: text('recipient'),
					sort: 'recipient',
					widthPx: 260,
					cell: (row) => <bdi>{row.recipient}</bdi>,
				},
				{
					key: 'subject',
					title: text('subject'),
					widthPx: 340,
					cell: (row) => <bdi>{row.subject}</bdi>,
				},
				{
					key: 'state',
					title: text('state'),
					widthPx: 120,
					cell: (row) => <MailStateBadge state={row.state} />,
				},
				{
					key: 'attempts',
					title: text('attempts'),
					widthPx: 100,
					isNumber: true,
					cell: (row) => region.number(row.attempts),
				},
				{
					key: 'error',
					title: text('error'),
					widthPx: 320,
					cell: (row) => <bdi>{row.lastError ?? text('none')}</bdi>,
				},
			],
			rowKey: (row) => String(row.mailNo),
			rowName: (row) => text('rowName', { subject: row.subject }),
			card: (row) => <MailCard row={row} />,
			filters: [
				{
					name: 'state',
					label: text('state'),
					anyLabel: text('anyState'),
					options: async () => mailStates.map((value) => ({ value, label: text(value) })),
				},
			],
			searchLabel: text('search'),
			emptyIcon: IconMail,
			emptyTitle: text('emptyTitle'),
			emptyDetail: text('emptyDetail'),
			noMatchTitle: text('noMatchTitle'),
			faultTitle: text('faultTitle'),
			detail: {
				read: (mailNo, signal) => call(showMail, { params: { mailNo } }, signal),
				summary: (row) => <MailSummary row={row} />,
				body: (row) => <MailDetails row={row} key={row.mailNo} />,
			},
			actions: [
				{
					key: 'send-again',
					label: text('sendAgain'),
					icon: IconSend,
					endpoint: sendMailAgain,
					needs: 'one',
					suits: (row) =>
						row.textUntilMs !== null && (row.state === 'failed' || row.state === 'kept'),
					confirm: {
						what: ([row]) =>
							text('sendAgainWhat', {
								subject: row?.subject ?? '',
								recipient: row?.recipient ?? '',
							}),
						run: async (rows, confirm) => {
							for (const { mailNo } of rows)
								await call(sendMailAgain, { params: { mailNo }, body: { confirm } });
						},
						done: ([row]) => text('sendAgainDone', { recipient: row?.recipient ?? '' }),
					},
				},
			],
		}),
		[region],
	);
}

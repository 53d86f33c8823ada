import { IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { roleLabels } from '#contract/roles.ts';
import { useRegion } from '#web/text/region.tsx';
import type { GridDefinition } from '#web/ui/grid-page/grid.ts';
import { GridPage } from '#web/ui/grid-page/grid-page.tsx';
import { useGrid } from '#web/ui/grid-page/use-grid.ts';
import {
	type AuditRow,
	auditActionText,
	auditSubjectText,
	exportAudit,
	listAudit,
} from '../contract.ts';
import { AuditCard } from './parts/audit-card.tsx';
import { AuditDetails } from './parts/audit-details.tsx';
import { AuditSummary } from './parts/audit-summary.tsx';
import { Period } from './parts/period.tsx';
import { actionOptions, personOptions, readAuditEntry, subjectKindOptions } from './queries.ts';
import { text } from './text.ts';

/** Who changed what, when and from where. */
export default function AuditPage() {
	const grid = useGrid(useDefinition());
	return <GridPage grid={grid} chips={<Period grid={grid} />} />;
}

function useDefinition(): GridDefinition<AuditRow> {
	const region = useRegion();
	return useMemo(
		() => ({
			key: 'audit',
			list: listAudit,
			label: text('audit'),
			columns: [
				{
					key: 'at',
					title: text('at'),
					sort: 'at',
					widthPx: 190,
					cell: (row) => region.instant(row.atMs),
				},
				{
					key: 'person',
					title: text('person'),
					sort: 'person',
					widthPx: 230,
					cell: (row) => row.userEmail,
				},
				{
					key: 'action',
					title: text('action'),
					sort: 'action',
					widthPx: 220,
					cell: (row) => auditActionText(row.action),
				},
				{
					key: 'subjectKind',
					title: text('subjectKind'),
					widthPx: 140,
					cell: (row) => auditSubjectText(row.subjectKind),
				},
				{
					key: 'subject',
					title: text('subject'),
					sort: 'subject',
					widthPx: 200,
					cell: (row) => row.subjectId,
				},
				{ key: 'ip', title: text('address'), widthPx: 140, cell: (row) => row.ip },
				{
					key: 'role',
					title: text('role'),
					widthPx: 120,
					cell: (row) => roleLabels[row.actingAs],
				},
				{
					key: 'token',
					title: text('token'),
					widthPx: 180,
					startsHidden: true,
					cell: (row) => row.tokenName,
				},
				{
					key: 'requestId',
					title: text('requestId'),
					widthPx: 300,
					startsHidden: true,
					cell: (row) => row.requestId,
				},
			],
			rowKey: (row) => String(row.auditNo),
			rowName: (row) =>
				text('rowName', { action: auditActionText(row.action), no: region.number(row.auditNo) }),
			card: (row) => <AuditCard row={row} />,
			filters: [
				{
					name: 'action',
					label: text('action'),
					anyLabel: text('anyAction'),
					options: actionOptions,
				},
				{
					name: 'person',
					label: text('person'),
					anyLabel: text('anyPerson'),
					options: personOptions,
					isSearched: true,
					labelIn: (row) => row.userEmail,
				},
				{
					name: 'subjectKind',
					label: text('subjectKind'),
					anyLabel: text('anySubjectKind'),
					options: subjectKindOptions,
				},
			],
			searchLabel: text('search'),
			emptyIcon: IconHistory,
			emptyTitle: text('emptyTitle'),
			emptyDetail: text('emptyDetail'),
			noMatchTitle: text('noMatchTitle'),
			faultTitle: text('faultTitle'),
			excel: exportAudit,
			detail: {
				read: readAuditEntry,
				summary: (row) => <AuditSummary row={row} />,
				body: (row) => <AuditDetails row={row} />,
			},
		}),
		[region],
	);
}

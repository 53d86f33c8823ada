import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { auditPath, paths, rowLink } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { Age } from '#web/ui/age.tsx';
import { type AuditRow, auditSubjectText } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './audit-summary.module.css';

interface AuditSummaryProps {
	readonly row: AuditRow;
}

/** What was changed, how long ago, and the ways from there. */
export function AuditSummary({ row }: AuditSummaryProps) {
	const mayOpenDevices = useMayOpen(paths.adminDevices);
	return (
		<>
			<p className={classes.line}>
				{auditSubjectText(row.subjectKind)} <bdi>{row.subjectId}</bdi> · <Age atMs={row.atMs} />
			</p>
			<div className={classes.ways}>
				{row.subjectKind === 'device' && mayOpenDevices ? (
					<Button
						variant="default"
						component={Link}
						to={rowLink(paths.adminDevices, row.subjectId)}
						rightSection={<IconArrowRight size={16} stroke={1.8} />}
					>
						{text('openDevice')}
					</Button>
				) : null}
				<Button variant="default" component={Link} to={auditPath(row.subjectId)}>
					{text('sameSubject')}
				</Button>
				<Button variant="default" component={Link} to={auditPath(row.requestId)}>
					{text('sameRequest')}
				</Button>
			</div>
		</>
	);
}

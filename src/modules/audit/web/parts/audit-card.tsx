import { useRegion } from '#web/text/region.tsx';
import { type AuditRow, auditActionText } from '../../contract.ts';
import classes from './audit-card.module.css';

interface AuditCardProps {
	readonly row: AuditRow;
}

/** An entry on a phone. */
export function AuditCard({ row }: AuditCardProps) {
	const region = useRegion();
	return (
		<span className={classes.card}>
			<span className={classes.action}>{auditActionText(row.action)}</span>
			{row.subjectId === row.userEmail ? null : (
				<span className={classes.subject}>{row.subjectId}</span>
			)}
			<span>{row.userEmail}</span>
			<span>{region.instant(row.atMs)}</span>
		</span>
	);
}

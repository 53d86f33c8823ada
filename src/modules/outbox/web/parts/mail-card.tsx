import { useRegion } from '#web/text/region.tsx';
import type { MailRow } from '../../contract.ts';
import classes from './mail-card.module.css';
import { MailStateBadge } from './mail-state-badge.tsx';

/** A mail on a phone. */
export function MailCard({ row }: { readonly row: MailRow }) {
	const region = useRegion();
	return (
		<span className={classes.card}>
			<span className={classes.subject}>{row.subject}</span>
			<bdi>{row.recipient}</bdi>
			<span>{region.instant(row.createdAtMs)}</span>
			<span>
				<MailStateBadge state={row.state} />
			</span>
		</span>
	);
}

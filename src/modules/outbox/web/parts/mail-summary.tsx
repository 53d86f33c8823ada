import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { auditPath } from '#web/links.ts';
import { Age } from '#web/ui/age.tsx';
import type { MailRow } from '../../contract.ts';
import { text } from '../text.ts';
import { MailStateBadge } from './mail-state-badge.tsx';
import classes from './mail-summary.module.css';

/** What became of a mail, and the way to what else is known of its recipient. */
export function MailSummary({ row }: { readonly row: MailRow }) {
	return (
		<>
			<p className={classes.line}>
				<MailStateBadge state={row.state} />
				<bdi>{row.recipient}</bdi>
				<Age atMs={row.createdAtMs} />
			</p>
			<Button variant="default" component={Link} to={auditPath(row.recipient)}>
				{text('audit')}
			</Button>
		</>
	);
}

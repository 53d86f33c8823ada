import { roleLabels } from '#contract/roles.ts';
import type { UserRow } from '../../contract.ts';
import { text } from '../text.ts';
import { CustomersCell, EmailCell, SignInCell } from './cells.tsx';
import { StateBadge } from './state-badge.tsx';
import classes from './user-card.module.css';

interface UserCardProps {
	readonly row: UserRow;
}

/** A user on a phone: what matters most. */
export function UserCard({ row }: UserCardProps) {
	const line = [roleLabels[row.role], row.name, row.dealerName];
	return (
		<span className={classes.card}>
			<span className={classes.identity}>
				<EmailCell row={row} />
			</span>
			<StateBadge state={row.state} />
			<span className={classes.whole}>{line.filter((part) => part !== null).join(' · ')}</span>
			<span className={classes.whole}>
				<span>{text('customers')}</span> <CustomersCell row={row} />
			</span>
			<span className={classes.whole}>
				<span>{text('lastSignIn')}</span> <SignInCell row={row} />
			</span>
		</span>
	);
}

import { roleLabels } from '#contract/roles.ts';
import { CardLine, RowCard } from '#web/ui/row-card.tsx';
import type { UserRow } from '../../contract.ts';
import { text } from '../text.ts';
import { CustomersCell, EmailCell, SignInCell } from './cells.tsx';
import { StateBadge } from './state-badge.tsx';

interface UserCardProps {
	readonly row: UserRow;
}

/** A user on a phone: what matters most. */
export function UserCard({ row }: UserCardProps) {
	const line = [roleLabels[row.role], row.name, row.dealerName];
	return (
		<RowCard name={<EmailCell row={row} />} state={<StateBadge state={row.state} />}>
			<CardLine>{line.filter((part) => part !== null).join(' · ')}</CardLine>
			<CardLine>
				<span>{text('customers')}</span> <CustomersCell row={row} />
			</CardLine>
			<CardLine>
				<span>{text('lastSignIn')}</span> <SignInCell row={row} />
			</CardLine>
		</RowCard>
	);
}

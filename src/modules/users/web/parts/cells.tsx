import { IconShieldCheck } from '@tabler/icons-react';
import { Age } from '#web/ui/age.tsx';
import { Instant } from '#web/ui/instant.tsx';
import type { UserRow } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './cells.module.css';
import { StateBadge } from './state-badge.tsx';

interface CellProps {
	readonly row: UserRow;
}

/** The e-mail, and whether it is one's own. */
export function EmailCell({ row: { email, isSelf } }: CellProps) {
	return (
		<span className={classes.email}>
			<bdi>{email}</bdi>
			{isSelf ? <span className={classes.you}>{text('you')}</span> : null}
		</span>
	);
}

/** Whether the user has come in, and signs in with a second factor. */
export function StateCell({ row: { state, hasSecondFactor } }: CellProps) {
	return (
		<span className={classes.state}>
			<StateBadge state={state} />
			{hasSecondFactor ? (
				<IconShieldCheck
					className={classes.shield}
					size={16}
					stroke={1.8}
					role="img"
					aria-label={text('withSecondFactor')}
				/>
			) : null}
		</span>
	);
}

const namedCustomers = 3;

/** The customers that the user sees, the first of many. */
export function CustomersCell({ row: { customers } }: CellProps) {
	if (customers === null) return <>{text('all')}</>;
	const names = customers
		.slice(0, namedCustomers)
		.map(({ name }) => name)
		.join(', ');
	const count = customers.length - namedCustomers;
	return <>{count > 0 ? text('andMore', { names, count }) : names}</>;
}

/** When the user last came in, in the organization's time zone, and how long ago that is. */
export function SignInCell({ row: { lastSignInAtMs } }: CellProps) {
	if (lastSignInAtMs === null) return <>{text('never')}</>;
	return (
		<span className={classes.signIn}>
			<Instant atMs={lastSignInAtMs} />
			<span className={classes.age}>
				<Age atMs={lastSignInAtMs} />
			</span>
		</span>
	);
}

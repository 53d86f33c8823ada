import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { misRoleLabels, roleLabels } from '#contract/roles.ts';
import { call } from '#web/api/call.ts';
import { auditPath, consoleOf, paths, tokensOf } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { useRegion } from '#web/text/region.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { Instant } from '#web/ui/instant.tsx';
import { countUserSessions, type UserRow } from '../../contract.ts';
import { text } from '../text.ts';
import { SignInCell } from './cells.tsx';
import { StateBadge } from './state-badge.tsx';
import classes from './user-panel.module.css';

interface UserProps {
	readonly row: UserRow;
}

/** Below a user's e-mail: whether the user has come in, and the way to what was done. */
export function UserSummary({ row }: UserProps) {
	const mayAudit = useMayOpen(paths.audit);
	const mayTokens = useMayOpen(paths.tokens);
	return (
		<>
			<div className={classes.state}>
				<StateBadge state={row.state} />
				<span>{row.isSelf ? text('you') : null}</span>
			</div>
			<div className={classes.links}>
				{mayTokens ? (
					<Button
						variant="default"
						component={Link}
						to={tokensOf(row.email)}
						rightSection={<IconArrowRight size={16} stroke={1.8} />}
					>
						{text('tokens')}
					</Button>
				) : null}
				{mayAudit ? (
					<Button
						variant="default"
						component={Link}
						to={auditPath(row.email)}
						rightSection={<IconArrowRight size={16} stroke={1.8} />}
					>
						{text('auditEntries')}
					</Button>
				) : null}
			</div>
		</>
	);
}

/** What a user is and sees, and when the user last came in. */
export function UserPanel({ row }: UserProps) {
	return (
		<FactList>
			<Fact label={text('name')}>{row.name ?? text('none')}</Fact>
			<Fact label={text('role')}>{roleLabels[row.role]}</Fact>
			<Fact label={text('misRole')}>{misRoleLabels[row.misRole]}</Fact>
			<Fact label={text('userAccount')}>{row.userAccount}</Fact>
			<Fact label={text('dealer')}>
				<DealerLink row={row} />
			</Fact>
			<Fact label={text('customers')}>
				<CustomerLinks row={row} />
			</Fact>
			<Fact label={text('lastSignIn')}>
				<SignInCell row={row} />
			</Fact>
			<Fact label={text('secondFactor')}>
				{text(row.hasSecondFactor ? 'secondFactorOn' : 'secondFactorOff')}
			</Fact>
			<Fact label={text('sessions')}>
				<Sessions row={row} />
			</Fact>
			<Fact label={text('created')}>
				<Instant atMs={row.createdAtMs} />
			</Fact>
			{row.invitedAtMs === null ? null : (
				<Fact label={text('invited')}>
					<Instant atMs={row.invitedAtMs} />
				</Fact>
			)}
		</FactList>
	);
}

function DealerLink({ row: { dealerNo, dealerName } }: UserProps) {
	const mayWatch = useMayOpen(paths.console);
	if (dealerNo === null || dealerName === null) return <>{text('none')}</>;
	if (!mayWatch) return <>{dealerName}</>;
	return <DevicesLink to={consoleOf({ dealerNo })} name={dealerName} />;
}

function CustomerLinks({ row: { customers } }: UserProps) {
	const mayWatch = useMayOpen(paths.console);
	if (customers === null) return <>{text('all')}</>;
	return (
		<ul className={classes.customers}>
			{customers.map(({ customerNo, name }) => (
				<li key={customerNo}>
					{mayWatch ? <DevicesLink to={consoleOf({ customerNo })} name={name} /> : name}
				</li>
			))}
		</ul>
	);
}

function DevicesLink({ to, name }: { readonly to: string; readonly name: string }) {
	return (
		<Link to={to} className={classes.link} aria-label={text('devicesOf', { name })}>
			{name}
		</Link>
	);
}

function Sessions({ row }: UserProps) {
	const region = useRegion();
	const userNo = String(row.userNo);
	const { data, error } = useQuery({
		queryKey: ['grid', 'users', 'sessions', userNo],
		queryFn: ({ signal }) => call(countUserSessions, { params: { userNo } }, signal),
	});
	if (error !== null) return <>{text('sessionsFault', { reason: error.message })}</>;
	if (data === undefined) return <>{text('loading')}</>;
	return <>{data.count === null ? text('sessionsOutOfReach') : region.number(data.count)}</>;
}

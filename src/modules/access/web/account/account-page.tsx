import { Button, Skeleton } from '@mantine/core';
import { IconUserCog } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { roleLabels } from '#contract/roles.ts';
import { useSession } from '#web/session/session.ts';
import { Card } from '#web/ui/card.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { offerText } from '../offer-text.ts';
import { text } from '../text.ts';
import classes from './account-page.module.css';
import { PasswordCard } from './password-card.tsx';
import { accountQuery } from './queries.ts';
import { RecoveryCodesWindow } from './recovery-codes-window.tsx';
import { SecondFactorCard } from './second-factor-card.tsx';
import { SessionsCard } from './sessions-card.tsx';

/** One's own account: who one is, password, second factor, sessions. */
export default function AccountPage() {
	const account = useQuery(accountQuery);
	if (account.error && !account.data) {
		return (
			<MessagePanel icon={IconUserCog} title={offerText('account')} detail={account.error.message}>
				<Button variant="default" onClick={() => void account.refetch()}>
					{text('retry')}
				</Button>
			</MessagePanel>
		);
	}
	return (
		<div className={classes.page}>
			<div className={classes.cards}>
				<ProfileCard />
				{account.data ? (
					<>
						{account.data.hasPassword ? (
							<RecoveryCodesWindow>
								<PasswordCard />
								<SecondFactorCard {...account.data.secondFactor} />
							</RecoveryCodesWindow>
						) : (
							<p className={classes.help}>{text('providerOnly')}</p>
						)}
						<SessionsCard />
					</>
				) : (
					<Skeleton height={320} role="status" aria-label={text('loading')} />
				)}
			</div>
		</div>
	);
}

function ProfileCard() {
	const { user, role, organization } = useSession();
	return (
		<Card title={text('profile')}>
			<p className={classes.help}>{text('profileHelp')}</p>
			<FactList>
				<Fact label={text('name')}>{user.name}</Fact>
				<Fact label={text('email')}>
					<span className={classes.data}>{user.email}</span>
				</Fact>
				<Fact label={text('role')}>{roleLabels[role]}</Fact>
				<Fact label={text('organization')}>{organization.name}</Fact>
			</FactList>
		</Card>
	);
}

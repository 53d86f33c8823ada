import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Card } from '#web/ui/card.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import classes from '../provider/provider-page.module.css';
import { text } from '../text.ts';
import { useOpening } from '../use-opening.ts';
import { PolicyForm } from './policy-form.tsx';
import { policyQuery } from './queries.ts';

interface PolicyCardProps {
	/** What the organization's provider is called; null: there is none in use. */
	readonly provider: string | null;
}

/** What is asked of everybody who signs in, and the way to change it. */
export function PolicyCard({ provider }: PolicyCardProps) {
	const { data, error } = useQuery(policyQuery);
	const form = useOpening();
	return (
		<Card title={text('policy')}>
			{data === undefined ? (
				<>
					<FaultNotice>{error?.message ?? null}</FaultNotice>
					{error === null ? (
						<Skeleton height={96} role="status" aria-label={text('loading')} />
					) : null}
				</>
			) : (
				<>
					<FactList>
						<Fact label={text('secondFactor')}>
							{text(data.policy.requiresSecondFactor ? 'factorRequired' : 'factorFree')}
						</Fact>
						<Fact label={text('passwords')}>
							{data.policy.allowsPassword
								? text('passwordsOn')
								: text('passwordsOff', { provider: provider ?? text('provider') })}
						</Fact>
					</FactList>
					<div className={classes.actions}>
						<Button variant="default" onClick={form.open}>
							{text('policyChange')}
						</Button>
					</div>
					<PolicyForm
						key={form.key}
						{...data}
						provider={provider}
						opened={form.isOpen}
						onClose={form.close}
					/>
				</>
			)}
		</Card>
	);
}

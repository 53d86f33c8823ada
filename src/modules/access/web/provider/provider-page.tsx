import { Button, Skeleton } from '@mantine/core';
import { IconLogin2 } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { Card } from '#web/ui/card.tsx';
import { ConfirmModal } from '#web/ui/confirm-modal.tsx';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { toastDone, toastFault } from '#web/ui/toast.ts';
import { checkSignInProvider, type KnownProvider, removeSignInProvider } from '../../contract.ts';
import { offerText } from '../offer-text.ts';
import { PolicyCard } from '../policy/policy-card.tsx';
import { text } from '../text.ts';
import { useOpening } from '../use-opening.ts';
import { ProviderForm } from './provider-form.tsx';
import classes from './provider-page.module.css';
import { providerQuery } from './queries.ts';

/** How the organization signs in: what is asked of everybody, and where besides here. */
export default function ProviderPage() {
	const { data, error, refetch } = useQuery(providerQuery);
	if (error && !data) {
		return (
			<MessagePanel icon={IconLogin2} title={offerText('signInSettings')} detail={error.message}>
				<Button variant="default" onClick={() => void refetch()}>
					{text('retry')}
				</Button>
			</MessagePanel>
		);
	}
	return (
		<div className={classes.page}>
			<div className={classes.cards}>
				{data ? (
					<>
						<PolicyCard provider={data.provider?.isEnabled === true ? data.provider.label : null} />
						<ProviderCard {...data} />
					</>
				) : (
					<Skeleton height={280} role="status" aria-label={text('loading')} />
				)}
			</div>
		</div>
	);
}

interface ProviderCardProps {
	readonly redirectUri: string;
	readonly provider: KnownProvider | null;
}

function ProviderCard({ redirectUri, provider }: ProviderCardProps) {
	const form = useOpening();
	return (
		<Card title={text('provider')}>
			<p className={classes.help}>{text('providerHelp')}</p>
			<div className={classes.address}>
				<div>
					<span className={classes.label}>{text('redirectUri')}</span>
					<code>{redirectUri}</code>
				</div>
				<CopyButton value={redirectUri} what={text('theRedirectUri')} />
			</div>
			<p className={classes.help}>{text('redirectUriHelp')}</p>
			{provider === null ? (
				<MessagePanel
					icon={IconLogin2}
					title={text('providerNone')}
					detail={text('providerNoneDetail')}
				>
					<Button onClick={form.open}>{text('providerSetUp')}</Button>
				</MessagePanel>
			) : (
				<ConfiguredProvider provider={provider} onEdit={form.open} />
			)}
			<ProviderForm key={form.key} provider={provider} opened={form.isOpen} onClose={form.close} />
		</Card>
	);
}

interface ConfiguredProviderProps {
	readonly provider: KnownProvider;
	readonly onEdit: () => void;
}

function ConfiguredProvider({ provider, onEdit }: ConfiguredProviderProps) {
	const queryClient = useQueryClient();
	const [isRemoving, setIsRemoving] = useState(false);
	const [isTesting, setIsTesting] = useState(false);
	const { label, issuer, clientId, domains, isEnabled } = provider;

	async function test() {
		setIsTesting(true);
		try {
			const { problem } = await call(checkSignInProvider, {});
			if (problem === null) toastDone(text('answering'));
			else toastFault(problem);
		} catch (error) {
			toastFault(error instanceof Error ? error.message : String(error));
		} finally {
			setIsTesting(false);
		}
	}

	return (
		<>
			<FactList>
				<Fact label={text('state')}>{isEnabled ? text('stateOn') : text('stateOff')}</Fact>
				<Fact label={text('label')}>{label}</Fact>
				<Fact label={text('issuer')}>
					<span className={classes.data}>{issuer}</span>
				</Fact>
				<Fact label={text('clientId')}>
					<span className={classes.data}>{clientId}</span>
				</Fact>
				<Fact label={text('domains')}>
					{domains.length === 0 ? text('anyDomain') : domains.join(', ')}
				</Fact>
			</FactList>
			<div className={classes.actions}>
				<Button variant="default" onClick={onEdit}>
					{text('edit')}
				</Button>
				<Button variant="default" loading={isTesting} onClick={() => void test()}>
					{text('test')}
				</Button>
				<Button variant="default" onClick={() => setIsRemoving(true)}>
					{text('remove')}
				</Button>
			</div>
			<ConfirmModal
				opened={isRemoving}
				onClose={() => setIsRemoving(false)}
				title={text('removeTitle')}
				what={text('removeWhat', { label })}
				onConfirm={async (confirm) => {
					await call(removeSignInProvider, { body: { confirm } });
					toastDone(text('removed'));
					await queryClient.invalidateQueries({ queryKey: providerQuery.queryKey });
				}}
			/>
		</>
	);
}

import { Checkbox } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EndpointReply } from '#contract/endpoint.ts';
import { call } from '#web/api/call.ts';
import { sessionQuery } from '#web/session/queries.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import { changeSignInPolicy, type SignInPolicy, type showSignInPolicy } from '../../contract.ts';
import { text } from '../text.ts';
import { policyQuery } from './queries.ts';
import { whatPolicyChanges } from './what-changes.ts';

interface PolicyFormProps extends EndpointReply<typeof showSignInPolicy> {
	/** What the organization's provider is called; null: there is none in use. */
	readonly provider: string | null;
	readonly opened: boolean;
	readonly onClose: () => void;
}

/** Changes what is asked of everybody who signs in, as it was when the form opened. */
export function PolicyForm({ policy, own, provider, opened, onClose }: PolicyFormProps) {
	const queryClient = useQueryClient();
	const [before] = useState(policy);
	const form = useForm<SignInPolicy & Record<string, unknown>>({ initialValues: { ...before } });
	return (
		<FormDrawer
			opened={opened}
			onClose={onClose}
			title={text('policyChange')}
			form={form}
			what={(after) => whatPolicyChanges({ before, after, own, provider })}
			onSubmit={async ({ requiresSecondFactor, allowsPassword }, confirm) => {
				const after = { requiresSecondFactor, allowsPassword };
				await call(changeSignInPolicy, { body: { before, after, confirm } });
			}}
			onDone={() => {
				void queryClient.invalidateQueries({ queryKey: policyQuery.queryKey });
				// It holds for one's own session, too.
				void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
			}}
			done={() => text('policyChanged')}
		>
			<Checkbox
				data-autofocus
				label={text('requireFactor')}
				description={text('requireFactorHelp')}
				{...form.getInputProps('requiresSecondFactor', { type: 'checkbox' })}
			/>
			<Checkbox
				label={text('allowPassword')}
				description={
					provider === null ? text('allowPasswordAlone') : text('allowPasswordHelp', { provider })
				}
				disabled={provider === null && before.allowsPassword}
				{...form.getInputProps('allowsPassword', { type: 'checkbox' })}
			/>
		</FormDrawer>
	);
}

import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import { PasswordField } from '#web/ui/password-field.tsx';
import {
	configureSignInProvider,
	type KnownProvider,
	providerSettingsSchema,
} from '../../contract.ts';
import { text } from '../text.ts';
import { providerQuery } from './queries.ts';

interface ProviderFormProps {
	/** As it was when the form opened; null: there is none. */
	readonly provider: KnownProvider | null;
	readonly opened: boolean;
	readonly onClose: () => void;
}

interface ProviderValues extends Record<string, unknown> {
	label: string;
	issuer: string;
	clientId: string;
	clientSecret: string;
	/** One a line. */
	domains: string;
	isEnabled: boolean;
}

/** Configures the organization's provider; the server asks it before it saves. */
export function ProviderForm({ provider: shown, opened, onClose }: ProviderFormProps) {
	const queryClient = useQueryClient();
	const [provider] = useState(shown);
	const form = useForm<ProviderValues>({
		initialValues: {
			label: provider?.label ?? '',
			issuer: provider?.issuer ?? '',
			clientId: provider?.clientId ?? '',
			clientSecret: '',
			domains: provider?.domains.join('\n') ?? '',
			isEnabled: provider?.isEnabled ?? true,
		},
		validate: (values) => ({
			...fieldErrors(values),
			...(provider === null &&
				values.clientSecret === '' && { clientSecret: text('clientSecretMissing') }),
		}),
	});
	return (
		<FormDrawer
			opened={opened}
			onClose={onClose}
			title={text('provider')}
			form={form}
			what={({ label }) => text('configureWhat', { label })}
			onSubmit={async (values, confirm) => {
				const { clientSecret } = values;
				const body = {
					before: provider,
					after: settingsOf(values),
					clientSecret: clientSecret === '' ? null : clientSecret,
					confirm,
				};
				await call(configureSignInProvider, { body });
			}}
			onDone={() => void queryClient.invalidateQueries({ queryKey: providerQuery.queryKey })}
			done={({ label }) => text('configured', { label })}
		>
			<TextInput
				label={text('label')}
				description={text('labelHelp')}
				withAsterisk
				data-autofocus
				{...form.getInputProps('label')}
			/>
			<TextInput
				label={text('issuer')}
				description={text('issuerHelp')}
				withAsterisk
				inputMode="url"
				{...form.getInputProps('issuer')}
			/>
			<TextInput
				label={text('clientId')}
				withAsterisk
				autoComplete="off"
				{...form.getInputProps('clientId')}
			/>
			<PasswordField
				label={text('clientSecret')}
				description={provider === null ? null : text('clientSecretKeep')}
				withAsterisk={provider === null}
				autoComplete="off"
				{...form.getInputProps('clientSecret')}
			/>
			<Textarea
				label={text('domains')}
				description={text('domainsHelp')}
				autosize
				minRows={2}
				{...form.getInputProps('domains')}
			/>
			<Checkbox
				label={text('isEnabled')}
				{...form.getInputProps('isEnabled', { type: 'checkbox' })}
			/>
		</FormDrawer>
	);
}

function settingsOf({ label, issuer, clientId, domains, isEnabled }: ProviderValues) {
	const lines = domains.split(/[\s,]+/).filter((line) => line !== '');
	return { label, issuer, clientId, domains: lines, isEnabled };
}

/** A complaint about one domain is shown at the field that holds them all. */
function fieldErrors(values: ProviderValues): Record<string, string> {
	const errors = schemaErrors(providerSettingsSchema, settingsOf(values));
	return Object.fromEntries(
		Object.entries(errors).map(([path, message]) => [path.replace(/\.\d+$/, ''), message]),
	);
}

import { Button, Select, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EndpointInput, EndpointReply } from '#contract/endpoint.ts';
import { minPasswordLength } from '#contract/password.ts';
import { call } from '#web/api/call.ts';
import { problemErrors, schemaErrors } from '#web/api/field-errors.ts';
import { ProblemError } from '#web/api/problem.ts';
import { portalQuery } from '#web/session/queries.ts';
import {
	browserTimeZone,
	countryChoices,
	likelyCountry,
	timeZoneChoices,
} from '#web/text/places.ts';
import { FaultNotice } from '#web/ui/notice.tsx';
import { PasswordField } from '#web/ui/password-field.tsx';
import { setUp } from '../../contract.ts';
import { text } from '../text.ts';
import { FleetChoice } from './fleet-choice.tsx';
import classes from './setup-form.module.css';

type SetupInput = EndpointInput<typeof setUp>['body'];

interface SetupFormProps {
	/** From the one-time link. */
	readonly token: string;
	readonly onReady: (organizationName: string, reply: EndpointReply<typeof setUp>) => void;
}

export function SetupForm({ token, onReady }: SetupFormProps) {
	const queryClient = useQueryClient();
	const [countries] = useState(countryChoices);
	const [timeZones] = useState(() => timeZoneChoices(browserTimeZone()));
	const form = useForm<SetupInput>({
		initialValues: {
			token,
			organizationName: '',
			timeZone: browserTimeZone(),
			country: likelyCountry(browserTimeZone(), navigator.language),
			userName: '',
			email: '',
			password: '',
			fleet: 'empty',
		},
		validate: (values) => schemaErrors(setUp.body, values),
	});
	const mutation = useMutation({
		mutationFn: (body: SetupInput) => call(setUp, { body }),
		onSuccess: (reply, { organizationName }) => {
			void queryClient.invalidateQueries({ queryKey: portalQuery.queryKey });
			onReady(organizationName, reply);
		},
		onError: (error) => {
			if (error instanceof ProblemError) form.setErrors(problemErrors(error));
		},
	});
	const isAboutFields = mutation.error instanceof ProblemError && mutation.error.fields.length > 0;

	return (
		<form onSubmit={form.onSubmit((values) => mutation.mutate(values))} noValidate>
			<Title order={1}>{text('heading')}</Title>
			<Text c="dimmed" fz="md" mt={4} mb="lg">
				{text('intro')}
			</Text>
			<FaultNotice>{mutation.error && !isAboutFields ? mutation.error.message : null}</FaultNotice>
			<fieldset className={classes.group}>
				<legend>{text('organization')}</legend>
				<TextInput
					label={text('organizationName')}
					withAsterisk
					autoFocus
					autoComplete="organization"
					className={classes.whole}
					{...form.getInputProps('organizationName')}
				/>
				<Select
					label={text('country')}
					withAsterisk
					searchable
					data={countries}
					placeholder={text('search')}
					nothingFoundMessage={text('noMatch')}
					{...form.getInputProps('country')}
				/>
				<Select
					label={text('timeZone')}
					withAsterisk
					searchable
					data={timeZones}
					placeholder={text('search')}
					nothingFoundMessage={text('noMatch')}
					{...form.getInputProps('timeZone')}
				/>
			</fieldset>
			<fieldset className={classes.group}>
				<legend>{text('you')}</legend>
				<TextInput
					label={text('userName')}
					withAsterisk
					autoComplete="name"
					{...form.getInputProps('userName')}
				/>
				<TextInput
					label={text('email')}
					withAsterisk
					type="email"
					autoComplete="username"
					{...form.getInputProps('email')}
				/>
				<PasswordField
					label={text('password')}
					description={
						form.errors.password ? null : text('passwordHint', { length: minPasswordLength })
					}
					inputWrapperOrder={['label', 'input', 'description', 'error']}
					withAsterisk
					autoComplete="new-password"
					className={classes.whole}
					{...form.getInputProps('password')}
				/>
			</fieldset>
			<FleetChoice {...form.getInputProps('fleet')} />
			<Button type="submit" mt="xl" size="md" loading={mutation.isPending}>
				{text('submit')}
			</Button>
		</form>
	);
}

import { Button, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { minPasswordLength } from '#contract/password.ts';
import { problemErrors, schemaErrors } from '#web/api/field-errors.ts';
import { ProblemError } from '#web/api/problem.ts';
import { FaultNotice } from '#web/ui/notice.tsx';
import { PasswordField } from '#web/ui/password-field.tsx';
import { resetPassword } from '../../contract.ts';
import classes from '../sign-in-page.module.css';
import { text } from '../text.ts';

interface NewPasswordFormProps {
	readonly title: string;
	readonly intro: string;
	readonly submitLabel: string;
	/** From the link. */
	readonly token: string;
	readonly email: string;
	readonly send: (body: { token: string; password: string }) => Promise<unknown>;
	readonly onDone: () => void;
}

/** Asks for the password that somebody with a link chooses. */
export function NewPasswordForm({
	title,
	intro,
	submitLabel,
	token,
	email,
	send,
	onDone,
}: NewPasswordFormProps) {
	const form = useForm({
		initialValues: { token, password: '' },
		validate: (values) => schemaErrors(resetPassword.body, values),
	});
	const sending = useMutation({
		mutationFn: send,
		onSuccess: onDone,
		onError: (error) => {
			if (error instanceof ProblemError) form.setErrors(problemErrors(error));
		},
	});
	const isAboutFields = sending.error instanceof ProblemError && sending.error.fields.length > 0;
	return (
		<form
			onSubmit={form.onSubmit((values) => sending.mutate(values))}
			noValidate
			className={classes.form}
		>
			<Title order={1} className={classes.title}>
				{title}
			</Title>
			<Text c="dimmed">{intro}</Text>
			<FaultNotice>{sending.error && !isAboutFields ? sending.error.message : null}</FaultNotice>
			{/* Read by password managers, which keep the new password under it. */}
			<TextInput
				label={text('email')}
				type="email"
				autoComplete="username"
				value={email}
				readOnly
			/>
			<PasswordField
				label={text('newPassword')}
				description={
					form.errors.password ? null : text('passwordHint', { length: minPasswordLength })
				}
				inputWrapperOrder={['label', 'input', 'description', 'error']}
				autoComplete="new-password"
				autoFocus
				{...form.getInputProps('password')}
			/>
			<Button type="submit" fullWidth loading={sending.isPending} mt="md">
				{submitLabel}
			</Button>
		</form>
	);
}

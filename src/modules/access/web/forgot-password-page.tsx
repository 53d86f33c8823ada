import { Anchor, Button, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { call } from '#web/api/call.ts';
import { schemaErrors } from '#web/api/field-errors.ts';
import { ProblemError } from '#web/api/problem.ts';
import { paths } from '#web/links.ts';
import { portalQuery } from '#web/session/queries.ts';
import { Entrance } from '#web/ui/entrance.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { useDocumentTitle } from '#web/ui/use-document-title.ts';
import { requestPasswordReset } from '../contract.ts';
import { useWait } from './parts/use-wait.ts';
import classes from './sign-in-page.module.css';
import { text } from './text.ts';

/** Where somebody asks for a link to reset the password. Whether there is an account is for the mail to tell. */
export default function ForgotPasswordPage() {
	const portal = useQuery(portalQuery);
	const brand = portal.data?.name ?? '';
	useDocumentTitle(text('forgotTitle'), brand);
	const asking = useMutation({
		mutationFn: (email: string) => call(requestPasswordReset, { body: { email } }),
	});
	return (
		<Entrance brand={brand} version={portal.data?.version ?? null}>
			{asking.isSuccess ? (
				<Asked email={asking.variables} />
			) : (
				<ForgotForm
					intro={text(portal.data?.allowsPassword === false ? 'forgotAlone' : 'forgotIntro')}
					onSend={asking.mutateAsync}
					error={asking.error}
					isSending={asking.isPending}
				/>
			)}
		</Entrance>
	);
}

interface ForgotFormProps {
	readonly intro: string;
	readonly onSend: (email: string) => Promise<unknown>;
	readonly error: Error | null;
	readonly isSending: boolean;
}

function ForgotForm({ intro, onSend, error, isSending }: ForgotFormProps) {
	// What was typed on the sign-in page, as a fragment: it reaches no log.
	const { hash } = useLocation();
	const wait = useWait();
	const form = useForm({
		initialValues: { email: hash },
		validate: (values) => schemaErrors(requestPasswordReset.body, values),
		transformValues: ({ email }) => email.trim(),
	});

	async function submit(email: string) {
		try {
			await onSend(email);
		} catch (refusal) {
			if (!(refusal instanceof ProblemError)) throw refusal;
			if (refusal.code === 'too_many_requests') wait.start(refusal.retryAfterSeconds ?? 0);
		}
	}

	const isWaiting = wait.seconds > 0;
	const message = isWaiting
		? text('tooManyRequestsFor', { minutes: Math.ceil(wait.seconds / 60) })
		: (error?.message ?? null);
	return (
		<form onSubmit={form.onSubmit(submit)} noValidate className={classes.form}>
			<Title order={1} className={classes.title}>
				{text('forgotTitle')}
			</Title>
			<Text c="dimmed">{intro}</Text>
			<FaultNotice>{message}</FaultNotice>
			<TextInput
				label={text('email')}
				type="email"
				autoComplete="username"
				autoFocus
				{...form.getInputProps('email')}
			/>
			<Button type="submit" fullWidth loading={isSending} disabled={isWaiting} mt="md">
				{text('forgotSubmit')}
			</Button>
			<Anchor component={Link} to={paths.signIn}>
				{text('backToSignIn')}
			</Anchor>
		</form>
	);
}

function Asked({ email }: { readonly email: string }) {
	// The same sentence, whether there is such an account or not.
	const [beforeEmail, afterEmail] = text('askedDetail', { email: '\n' }).split('\n');
	return (
		<div role="status">
			<Title order={1}>{text('askedTitle')}</Title>
			<Text c="dimmed" fz="md" my="md" className={classes.title}>
				{beforeEmail}
				<bdi>{email}</bdi>
				{afterEmail}
			</Text>
			<Button component={Link} to={paths.signIn}>
				{text('backToSignIn')}
			</Button>
		</div>
	);
}

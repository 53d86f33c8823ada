import { Anchor, Button, Divider, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { writeSearch } from '#web/address/search-text.ts';
import { useSearchTexts } from '#web/address/use-search-texts.ts';
import { ProblemError } from '#web/api/problem.ts';
import { pageAfterSignIn, paths } from '#web/links.ts';
import { portalQuery, sessionQuery } from '#web/session/queries.ts';
import { Entrance } from '#web/ui/entrance.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { PasswordField } from '#web/ui/password-field.tsx';
import { Redirect } from '#web/ui/redirect.tsx';
import { useDocumentTitle } from '#web/ui/use-document-title.ts';
import { providerStartPath } from '../contract.ts';
import { signIn, signOut } from './credentials.ts';
import { CodeForm } from './parts/code-form.tsx';
import { NotReady } from './parts/not-ready.tsx';
import { ProviderOnly } from './parts/provider-only.tsx';
import { useWait } from './parts/use-wait.ts';
import { refusalText } from './provider/refusal-text.ts';
import classes from './sign-in-page.module.css';
import { text } from './text.ts';

export default function SignInPage() {
	const portal = useQuery(portalQuery);
	// Somebody who is signed in already has nothing to do here; a refusal known before is not asked for again.
	const session = useQuery({ ...sessionQuery, retry: false, retryOnMount: false });
	const [{ next, refused }] = useSearchTexts();
	const brand = portal.data?.name ?? '';
	useDocumentTitle(text('title'), brand);

	const allowsPassword = portal.data?.allowsPassword ?? true;
	const provider = portal.data?.provider?.label ?? null;
	const fault = refusalText(refused, allowsPassword) ?? portal.error?.message ?? null;
	const [isByPassword, setIsByPassword] = useState(false);

	if (session.data) return <Redirect href={pageAfterSignIn(next)} />;
	return (
		<Entrance brand={brand} version={portal.data?.version ?? null}>
			{portal.data?.needsSetup ? (
				<NotReady title={text('needsSetup')} detail={text('needsSetupDetail')} />
			) : provider !== null && !allowsPassword && !isByPassword && refused !== 'super_admin' ? (
				<ProviderOnly
					title={titleOf(brand)}
					provider={provider}
					href={startAt(pageAfterSignIn(next))}
					fault={fault}
					onPassword={() => setIsByPassword(true)}
				/>
			) : (
				<SignInForm
					brand={brand}
					next={pageAfterSignIn(next)}
					provider={provider}
					portalFault={fault}
				/>
			)}
		</Entrance>
	);
}

function titleOf(brand: string): string {
	return brand === '' ? text('title') : text('welcome', { name: brand });
}

/** Where sign-in at the provider begins. */
function startAt(next: string): string {
	return `${providerStartPath}${writeSearch({ next })}`;
}

interface SignInFormProps {
	readonly brand: string;
	readonly next: string;
	/** What the organization's own provider is called; null: there is none. */
	readonly provider: string | null;
	/** Why the portal could not say whose it is, or the provider let nobody in. */
	readonly portalFault: string | null;
}

function SignInForm({ brand, next, provider, portalFault }: SignInFormProps) {
	const queryClient = useQueryClient();
	const router = useRouter();
	const [problem, setProblem] = useState<string | null>(null);
	const [isSending, setIsSending] = useState(false);
	const [isCodeNeeded, setIsCodeNeeded] = useState(false);
	const wait = useWait();
	const form = useForm({
		initialValues: { email: '', password: '' },
		validate: {
			email: (value) => (value.trim() === '' ? text('emailMissing') : null),
			password: (value) => (value === '' ? text('passwordMissing') : null),
		},
		validateInputOnChange: false,
	});

	async function submit({ email, password }: { email: string; password: string }) {
		setProblem(null);
		setIsSending(true);
		try {
			if ((await signIn(email.trim(), password)) === 'needs-code') setIsCodeNeeded(true);
			else await enter();
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			if (error.code === 'too_many_requests' && error.retryAfterSeconds !== null) {
				wait.start(error.retryAfterSeconds);
			}
			setProblem(error.message);
		} finally {
			setIsSending(false);
		}
	}

	async function enter() {
		await openSession();
		router.history.push(next);
	}

	/** Somebody was recognised, but the account may have no place in this organization: then it stays signed out. */
	async function openSession() {
		// What somebody else fetched before on this page is not for this user.
		queryClient.removeQueries({ type: 'inactive' });
		try {
			await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
		} catch (error) {
			if (error instanceof ProblemError && error.status === 403) await signOut();
			throw error;
		}
	}

	const message =
		wait.seconds > 0
			? text('tooManyAttemptsFor', { seconds: wait.seconds })
			: (problem ?? portalFault);
	if (isCodeNeeded) {
		return (
			<CodeForm
				onSignedIn={enter}
				onLeave={(why) => {
					setProblem(why);
					setIsCodeNeeded(false);
				}}
			/>
		);
	}
	return (
		<form onSubmit={form.onSubmit(submit)} noValidate className={classes.form}>
			<Title order={1} className={classes.title}>
				{titleOf(brand)}
			</Title>
			<FaultNotice>{message}</FaultNotice>
			<TextInput
				label={text('email')}
				type="email"
				autoComplete="username"
				autoFocus
				{...form.getInputProps('email')}
			/>
			<PasswordField
				label={text('password')}
				autoComplete="current-password"
				{...form.getInputProps('password')}
			/>
			<Button type="submit" fullWidth loading={isSending} disabled={wait.seconds > 0} mt="md">
				{text('submit')}
			</Button>
			<Anchor component={Link} to={paths.forgotPassword} hash={form.values.email.trim()}>
				{text('forgot')}
			</Anchor>
			{provider === null ? null : (
				<>
					<Divider label={text('or')} />
					<Button component="a" href={startAt(next)} variant="default" fullWidth>
						{text('signInWith', { provider })}
					</Button>
				</>
			)}
		</form>
	);
}

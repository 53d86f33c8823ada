import { Button, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { ProblemError } from '#web/api/problem.ts';
import { FaultNotice } from '#web/ui/notice.tsx';
import { finishSignIn } from '../../contract.ts';
import classes from '../sign-in-page.module.css';
import { text } from '../text.ts';
import { useWait } from './use-wait.ts';

interface CodeFormProps {
	/** Opens the pages; what it throws is shown. */
	readonly onSignedIn: () => Promise<void>;
	/** Goes back to the password, and says why if the person did not ask for it. */
	readonly onLeave: (why: string | null) => void;
}

/** The second step of a sign-in: a code of the authenticator app, or a recovery code. */
export function CodeForm({ onSignedIn, onLeave }: CodeFormProps) {
	const [problem, setProblem] = useState<string | null>(null);
	const [isSending, setIsSending] = useState(false);
	const wait = useWait();
	const form = useForm({
		initialValues: { code: '' },
		validate: { code: (value) => (value.trim() === '' ? text('codeMissing') : null) },
	});

	async function submit({ code }: { code: string }) {
		setProblem(null);
		setIsSending(true);
		try {
			await call(finishSignIn, { body: { code } });
			await onSignedIn();
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			if (error.code === 'second_step_over') return onLeave(error.message);
			if (error.code === 'too_many_requests' && error.retryAfterSeconds !== null) {
				wait.start(error.retryAfterSeconds);
			}
			setProblem(error.message);
			form.reset();
		} finally {
			setIsSending(false);
		}
	}

	return (
		<form onSubmit={form.onSubmit(submit)} noValidate className={classes.form}>
			<Title order={1} className={classes.title}>
				{text('codeTitle')}
			</Title>
			<FaultNotice>
				{wait.seconds > 0 ? text('tooManyAttemptsFor', { seconds: wait.seconds }) : problem}
			</FaultNotice>
			<TextInput
				label={text('code')}
				description={text('codeHelp')}
				autoComplete="one-time-code"
				autoCapitalize="off"
				spellCheck={false}
				autoFocus
				{...form.getInputProps('code')}
			/>
			<Button type="submit" fullWidth loading={isSending} disabled={wait.seconds > 0} mt="md">
				{text('submit')}
			</Button>
			<Button variant="default" fullWidth onClick={() => onLeave(null)}>
				{text('back')}
			</Button>
		</form>
	);
}

import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { minPasswordLength, passwordSchema } from '#contract/password.ts';
import { call } from '#web/api/call.ts';
import { Card } from '#web/ui/card.tsx';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import { PasswordField } from '#web/ui/password-field.tsx';
import { changeOwnPassword } from '../../contract.ts';
import { text } from '../text.ts';
import { useOpening } from '../use-opening.ts';
import classes from './account-page.module.css';
import { accountKey } from './queries.ts';

/** The password, and the way to change it. */
export function PasswordCard() {
	const form = useOpening();
	return (
		<Card title={text('password')}>
			<p className={classes.help}>{text('passwordHelp')}</p>
			<Button variant="default" onClick={form.open}>
				{text('changePassword')}
			</Button>
			<PasswordForm key={form.key} opened={form.isOpen} onClose={form.close} />
		</Card>
	);
}

interface PasswordFormProps {
	readonly opened: boolean;
	readonly onClose: () => void;
}

function PasswordForm({ opened, onClose }: PasswordFormProps) {
	const queryClient = useQueryClient();
	const form = useForm({
		initialValues: { current: '', password: '' },
		validate: {
			current: (value) => (value === '' ? text('passwordMissing') : null),
			password: (value) => passwordSchema.safeParse(value).error?.issues[0]?.message ?? null,
		},
	});
	return (
		<FormDrawer
			opened={opened}
			onClose={onClose}
			title={text('changePassword')}
			form={form}
			what={() => text('changePasswordWhat')}
			onSubmit={async (values, confirm) => {
				await call(changeOwnPassword, { body: { ...values, confirm } });
			}}
			onDone={() => void queryClient.invalidateQueries({ queryKey: accountKey })}
			done={() => text('passwordChanged')}
		>
			<PasswordField
				label={text('currentPassword')}
				withAsterisk
				data-autofocus
				autoComplete="current-password"
				{...form.getInputProps('current')}
			/>
			<PasswordField
				label={text('newPassword')}
				description={text('passwordHint', { length: minPasswordLength })}
				withAsterisk
				autoComplete="new-password"
				{...form.getInputProps('password')}
			/>
		</FormDrawer>
	);
}

import { Badge, Button, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '#web/api/call.ts';
import { Card } from '#web/ui/card.tsx';
import { FormDrawer } from '#web/ui/form-drawer.tsx';
import { PasswordField } from '#web/ui/password-field.tsx';
import { renewOwnRecoveryCodes, switchOffOwnSecondFactor } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './account-page.module.css';
import { EnrolWindow } from './enrol-window.tsx';
import { accountKey } from './queries.ts';
import { useShowCodes } from './recovery-codes-window.tsx';

interface SecondFactorCardProps {
	readonly isOn: boolean;
	readonly isRequired: boolean;
	readonly recoveryCodesLeft: number;
}

type Dialog = 'enrol' | 'codes' | 'off';

/** Whether sign-in asks for a code, and what can be done about it. */
export function SecondFactorCard({ isOn, isRequired, recoveryCodesLeft }: SecondFactorCardProps) {
	const [dialog, setDialog] = useState<Dialog | null>(null);
	const [opening, setOpening] = useState(0);
	const close = () => setDialog(null);
	const open = (next: Dialog) => () => {
		setOpening(opening + 1);
		setDialog(next);
	};
	return (
		<Card
			title={text('secondFactor')}
			aside={
				isOn ? (
					<Badge variant="light" radius="sm" tt="none">
						{text('factorOn')}
					</Badge>
				) : (
					<Text c="dimmed">{text('factorOff')}</Text>
				)
			}
		>
			<p className={classes.help}>
				{isOn
					? `${text('factorOnHelp')} ${text('codesLeft', { count: recoveryCodesLeft })}`
					: text('factorOffHelp')}
			</p>
			{isOn && isRequired ? <p className={classes.help}>{text('factorRequiredHelp')}</p> : null}
			<div className={classes.actions}>
				{isOn ? (
					<>
						<Button variant="default" onClick={open('codes')}>
							{text('newCodes')}
						</Button>
						<Button variant="default" onClick={open('enrol')}>
							{text('move')}
						</Button>
						{isRequired ? null : (
							<Button variant="default" onClick={open('off')}>
								{text('switchOff')}
							</Button>
						)}
					</>
				) : (
					<Button onClick={open('enrol')}>{text('setUp')}</Button>
				)}
			</div>
			<EnrolWindow opened={dialog === 'enrol'} moves={isOn} onClose={close} />
			<CodesForm key={`codes ${opening}`} opened={dialog === 'codes'} onClose={close} />
			<SwitchOffForm key={`off ${opening}`} opened={dialog === 'off'} onClose={close} />
		</Card>
	);
}

interface FormProps {
	readonly opened: boolean;
	readonly onClose: () => void;
}

function CodesForm({ opened, onClose }: FormProps) {
	const queryClient = useQueryClient();
	const showCodes = useShowCodes();
	const form = useForm({
		initialValues: { password: '' },
		validate: { password: (value) => (value === '' ? text('passwordMissing') : null) },
	});
	return (
		<FormDrawer
			opened={opened}
			onClose={onClose}
			title={text('newCodes')}
			form={form}
			what={() => text('newCodesWhat')}
			onSubmit={async (values, confirm) => {
				const { recoveryCodes } = await call(renewOwnRecoveryCodes, {
					body: { ...values, confirm },
				});
				showCodes(recoveryCodes);
			}}
			onDone={() => void queryClient.invalidateQueries({ queryKey: accountKey })}
			done={() => text('newCodesDone')}
		>
			<PasswordField
				label={text('yourPassword')}
				withAsterisk
				data-autofocus
				autoComplete="current-password"
				{...form.getInputProps('password')}
			/>
		</FormDrawer>
	);
}

function SwitchOffForm({ opened, onClose }: FormProps) {
	const queryClient = useQueryClient();
	const form = useForm({
		initialValues: { password: '', code: '' },
		validate: {
			password: (value) => (value === '' ? text('passwordMissing') : null),
			code: (value) => (value.trim() === '' ? text('codeMissing') : null),
		},
	});
	return (
		<FormDrawer
			opened={opened}
			onClose={onClose}
			title={text('switchOffTitle')}
			form={form}
			what={() => text('switchOffWhat')}
			onSubmit={async (values, confirm) => {
				await call(switchOffOwnSecondFactor, { body: { ...values, confirm } });
			}}
			onDone={() => void queryClient.invalidateQueries({ queryKey: accountKey })}
			done={() => text('switchedOff')}
		>
			<PasswordField
				label={text('yourPassword')}
				withAsterisk
				data-autofocus
				autoComplete="current-password"
				{...form.getInputProps('password')}
			/>
			<TextInput
				label={text('code')}
				description={text('codeHelp')}
				withAsterisk
				autoComplete="one-time-code"
				{...form.getInputProps('code')}
			/>
		</FormDrawer>
	);
}

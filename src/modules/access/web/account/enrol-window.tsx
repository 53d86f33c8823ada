import { Button, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import type { EndpointReply } from '#contract/endpoint.ts';
import { call } from '#web/api/call.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { PasswordField } from '#web/ui/password-field.tsx';
import { beginOwnSecondFactor, confirmOwnSecondFactor } from '../../contract.ts';
import { text } from '../text.ts';
import { QrCode } from './qr-code.tsx';
import { accountKey } from './queries.ts';
import { useShowCodes } from './recovery-codes-window.tsx';
import classes from './second-factor-window.module.css';

type Begun = EndpointReply<typeof beginOwnSecondFactor>;

interface EnrolWindowProps {
	readonly opened: boolean;
	readonly onClose: () => void;
}

/** Sets up an authenticator app: password, QR code, and a code as proof that the app has it. */
export function EnrolWindow({ opened, onClose }: EnrolWindowProps) {
	return (
		<Modal
			opened={opened}
			onClose={onClose}
			title={text('setUpTitle')}
			centered
			size={420}
			closeOnClickOutside={false}
			closeButtonProps={{ 'aria-label': text('close') }}
			classNames={{ title: classes.title }}
		>
			<Steps onClose={onClose} />
		</Modal>
	);
}

function Steps({ onClose }: { readonly onClose: () => void }) {
	const queryClient = useQueryClient();
	const showCodes = useShowCodes();
	const [begun, setBegun] = useState<Begun | null>(null);
	const [typed, setTyped] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [isBusy, setIsBusy] = useState(false);

	async function goOn() {
		if (begun === null) {
			setBegun(await call(beginOwnSecondFactor, { body: { password: typed } }));
			setTyped('');
			return;
		}
		const { recoveryCodes } = await call(confirmOwnSecondFactor, {
			body: { code: typed.replace(/\s/g, '') },
		});
		onClose();
		showCodes(recoveryCodes);
		await queryClient.invalidateQueries({ queryKey: accountKey });
	}

	async function submit(event: SyntheticEvent) {
		event.preventDefault();
		if (isBusy) return;
		setIsBusy(true);
		setFault(null);
		try {
			await goOn();
		} catch (error) {
			setFault(error instanceof Error ? error.message : String(error));
		} finally {
			setIsBusy(false);
		}
	}

	return (
		<form className={classes.content} onSubmit={submit} noValidate>
			{begun === null ? (
				<PasswordField
					label={text('yourPassword')}
					data-autofocus
					autoComplete="current-password"
					value={typed}
					onChange={(event) => setTyped(event.currentTarget.value)}
				/>
			) : (
				<>
					<p className={classes.sentence}>{text('scan')}</p>
					<div className={classes.code}>
						<QrCode value={begun.address} />
					</div>
					<div className={classes.key}>
						<code>{begun.secret}</code>
						<CopyButton value={begun.secret} what={text('theKey')} />
					</div>
					<TextInput
						key="code"
						label={text('codeOfApp')}
						description={text('switchOnHelp')}
						inputMode="numeric"
						autoComplete="one-time-code"
						autoFocus
						value={typed}
						onChange={(event) => setTyped(event.currentTarget.value)}
					/>
				</>
			)}
			<FaultNotice>{fault}</FaultNotice>
			<div className={classes.actions}>
				<Button variant="default" onClick={onClose}>
					{text('cancel')}
				</Button>
				<Button type="submit" loading={isBusy} disabled={typed.trim() === ''}>
					{begun === null ? text('goOn') : text('switchOn')}
				</Button>
			</div>
		</form>
	);
}

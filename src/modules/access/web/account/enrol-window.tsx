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

interface EnrolProps {
	/** Whether there is an app already, which the new one replaces. */
	readonly moves?: boolean;
	readonly onClose: () => void;
}

interface EnrolWindowProps extends EnrolProps {
	readonly opened: boolean;
}

/**
 * Sets up an authenticator app: password, a code of the app of now if there is one, QR code, and a code as proof that the
 * new app has it.
 */
export function EnrolWindow({ opened, onClose, moves = false }: EnrolWindowProps) {
	return (
		<Modal
			opened={opened}
			onClose={onClose}
			title={text(moves ? 'moveTitle' : 'setUpTitle')}
			centered
			size={420}
			closeOnClickOutside={false}
			closeButtonProps={{ 'aria-label': text('close') }}
			classNames={{ title: classes.title }}
		>
			<Steps onClose={onClose} moves={moves} />
		</Modal>
	);
}

function Steps({ onClose, moves = false }: EnrolProps) {
	const queryClient = useQueryClient();
	const showCodes = useShowCodes();
	const [begun, setBegun] = useState<Begun | null>(null);
	const [password, setPassword] = useState('');
	const [code, setCode] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [isBusy, setIsBusy] = useState(false);

	const needsCode = moves || begun !== null;
	const isIncomplete = password === '' || (needsCode && code.trim() === '');

	async function goOn() {
		if (begun === null) {
			const body = { password, code: moves ? code : null };
			setBegun(await call(beginOwnSecondFactor, { body }));
			setCode('');
			return;
		}
		const { recoveryCodes } = await call(confirmOwnSecondFactor, {
			body: { code: code.replace(/\s/g, '') },
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
				<>
					<PasswordField
						label={text('yourPassword')}
						data-autofocus
						autoComplete="current-password"
						value={password}
						onChange={(event) => setPassword(event.currentTarget.value)}
					/>
					{moves ? (
						<TextInput
							label={text('codeOfNow')}
							description={text('codeHelp')}
							autoComplete="one-time-code"
							value={code}
							onChange={(event) => setCode(event.currentTarget.value)}
						/>
					) : null}
				</>
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
						description={text(moves ? 'moveHelp' : 'switchOnHelp')}
						inputMode="numeric"
						autoComplete="one-time-code"
						autoFocus
						value={code}
						onChange={(event) => setCode(event.currentTarget.value)}
					/>
				</>
			)}
			<FaultNotice>{fault}</FaultNotice>
			<div className={classes.actions}>
				<Button variant="default" onClick={onClose}>
					{text('cancel')}
				</Button>
				<Button type="submit" loading={isBusy} disabled={isIncomplete}>
					{begun === null ? text('goOn') : text(moves ? 'moveNow' : 'switchOn')}
				</Button>
			</div>
		</form>
	);
}

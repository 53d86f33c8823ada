import { Button, Modal, TextInput } from '@mantine/core';
import { type ReactNode, type SyntheticEvent, useId, useState } from 'react';
import { isConfirmation, confirmWord as usualWord } from '#contract/confirmation.ts';
import classes from './confirm-modal.module.css';
import { FaultNotice } from './notice.tsx';
import { text } from './text.ts';

interface ConfirmModalProps {
	readonly opened: boolean;
	readonly onClose: () => void;
	readonly title: string;
	/** Says exactly what will be changed, and how many. */
	readonly what: ReactNode;
	/**
	 * Does it, given what was typed, which the server checks again. When it resolves the window closes; what it throws
	 * is shown, and the window stays.
	 */
	readonly onConfirm: (typed: string) => Promise<void>;
	/** Called when it is done, before the window closes. */
	readonly onDone?: () => void;
	/** The word to type, in any case. */
	readonly confirmWord?: string;
	readonly submitLabel?: string;
}

/** Asks for the typed word before something is changed. Stands above a form drawer; gives the focus back when it closes. */
export function ConfirmModal({ opened, onClose, title, ...rest }: ConfirmModalProps) {
	const [isBusy, setIsBusy] = useState(false);
	return (
		<Modal
			opened={opened}
			onClose={() => !isBusy && onClose()}
			title={title}
			centered
			size={380}
			zIndex={400}
			closeButtonProps={{ 'aria-label': text('close'), disabled: isBusy }}
			classNames={{ title: classes.title }}
		>
			<Question {...rest} onClose={onClose} isBusy={isBusy} onBusy={setIsBusy} />
		</Modal>
	);
}

interface QuestionProps extends Omit<ConfirmModalProps, 'opened' | 'title'> {
	readonly isBusy: boolean;
	readonly onBusy: (isBusy: boolean) => void;
}

function Question({
	what,
	onConfirm,
	onDone,
	confirmWord = usualWord,
	submitLabel = text('submit'),
	onClose,
	isBusy,
	onBusy,
}: QuestionProps) {
	const [typed, setTyped] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const instruction = useId();
	// The sentence is one message, so that a language may put the word where it belongs.
	const [beforeWord, afterWord] = text('typeWord', { word: '\n' }).split('\n');
	const isTyped = isConfirmation(typed, confirmWord);

	async function submit(event: SyntheticEvent) {
		event.preventDefault();
		if (!isTyped || isBusy) return;
		onBusy(true);
		setFault(null);
		try {
			await onConfirm(typed);
			onDone?.();
			onClose();
		} catch (error) {
			setFault(error instanceof Error ? error.message : String(error));
		} finally {
			onBusy(false);
		}
	}

	return (
		<form className={classes.question} onSubmit={submit} noValidate>
			<div className={classes.what}>{what}</div>
			<p id={instruction} className={classes.instruction}>
				{beforeWord}
				<strong>{confirmWord}</strong>
				{afterWord}
			</p>
			<TextInput
				data-autofocus
				aria-label={text('confirmation')}
				aria-describedby={instruction}
				autoComplete="off"
				autoCapitalize="off"
				spellCheck={false}
				value={typed}
				readOnly={isBusy}
				onChange={(event) => setTyped(event.currentTarget.value)}
			/>
			<FaultNotice>{fault}</FaultNotice>
			<div className={classes.actions}>
				<Button variant="default" disabled={isBusy} onClick={onClose}>
					{text('cancel')}
				</Button>
				<Button type="submit" disabled={!isTyped} loading={isBusy}>
					{submitLabel}
				</Button>
			</div>
		</form>
	);
}

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { text } from './text.ts';
import { toastFault } from './toast.ts';

const shownMs = 2_000;

interface CopyButtonProps {
	readonly value: string;
	/** What is copied, as it reads after "Copy". */
	readonly what: string;
	/** Written on the button; without it the button is an icon. */
	readonly label?: string;
}

/** Puts a text on the clipboard and shows that it did. */
export function CopyButton({ value, what, label }: CopyButtonProps) {
	const [isCopied, setIsCopied] = useState(false);
	useEffect(() => {
		if (!isCopied) return;
		const timer = setTimeout(() => setIsCopied(false), shownMs);
		return () => clearTimeout(timer);
	}, [isCopied]);

	async function copy() {
		try {
			// Undefined outside secure contexts, whatever its type says.
			await navigator.clipboard.writeText(value);
			setIsCopied(true);
		} catch {
			toastFault(text('copyFailed'));
		}
	}

	const icon = isCopied ? (
		<IconCheck size={15} stroke={1.8} />
	) : (
		<IconCopy size={15} stroke={1.6} />
	);
	const name = isCopied ? text('copied') : text('copy', { what });
	if (label !== undefined) {
		return (
			<Button variant="default" size="md" leftSection={icon} onClick={copy}>
				{isCopied ? text('copied') : label}
			</Button>
		);
	}
	return (
		<Tooltip label={name}>
			<ActionIcon variant="subtle" color="gray" size={24} aria-label={name} onClick={copy}>
				{icon}
			</ActionIcon>
		</Tooltip>
	);
}

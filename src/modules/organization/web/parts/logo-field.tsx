import { Button, FileButton, Input } from '@mantine/core';
import { IconPhoto, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { logoMediaTypes, maxLogoBytes } from '../../contract.ts';
import { text } from '../text.ts';
import type { NewLogo } from './edit-values.ts';
import classes from './logo-field.module.css';

interface LogoFieldProps {
	/** Address of the image that would be the logo; null without one. */
	readonly shown: string | null;
	readonly error: ReactNode;
	readonly onChoose: (logo: NewLogo) => void;
	readonly onRemove: () => void;
	/** Says what is wrong with a file before it is sent. */
	readonly onFault: (sentence: string) => void;
}

/** Chooses an image file as the logo, shows it, and takes it away again. */
export function LogoField({ shown, error, onChoose, onRemove, onFault }: LogoFieldProps) {
	const [url, setUrl] = useState<string | null>(null);
	useEffect(() => {
		if (url !== null) return () => URL.revokeObjectURL(url);
	}, [url]);

	async function choose(file: File | null) {
		if (file === null) return;
		if (file.size > maxLogoBytes) {
			onFault(text('logoTooLarge'));
			return;
		}
		const address = URL.createObjectURL(file);
		setUrl(address);
		onChoose({ base64: base64Of(new Uint8Array(await file.arrayBuffer())), url: address });
	}

	return (
		<Input.Wrapper label={text('logo')} description={text('logoHelp')} error={error}>
			<div className={classes.field}>
				{shown === null ? null : <img className={classes.logo} src={shown} alt={text('logo')} />}
				<FileButton accept={logoMediaTypes.join(',')} onChange={(file) => void choose(file)}>
					{(button) => (
						<Button
							{...button}
							variant="default"
							leftSection={<IconPhoto size={16} stroke={1.7} />}
						>
							{text('chooseLogo')}
						</Button>
					)}
				</FileButton>
				{shown === null ? null : (
					<Button
						variant="default"
						leftSection={<IconTrash size={16} stroke={1.7} />}
						onClick={onRemove}
					>
						{text('removeLogo')}
					</Button>
				)}
			</div>
		</Input.Wrapper>
	);
}

function base64Of(bytes: Uint8Array): string {
	const letters = Array.from(bytes, (byte) => String.fromCharCode(byte));
	return btoa(letters.join(''));
}

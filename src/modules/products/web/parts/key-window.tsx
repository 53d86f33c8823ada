import { Button, Modal } from '@mantine/core';
import { createContext, type ReactNode, use, useState } from 'react';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { text } from '../text.ts';
import classes from './key-window.module.css';

/** A key that was just made. */
export interface IssuedKey {
	readonly deviceId: string;
	readonly key: string;
	/** What became of the key before, if there was one. */
	readonly note: string | null;
}

const ShowKeyContext = createContext<(issued: IssuedKey) => void>(() => {});

/** Shows a key, once; the window outlives the form that made it. */
export function useShowKey(): (issued: IssuedKey) => void {
	return use(ShowKeyContext);
}

/** Where keys are shown that forms below it make. It closes by its button alone, so that no key is lost by a stray click. */
export function KeyWindow({ children }: { readonly children: ReactNode }) {
	const [issued, setIssued] = useState<IssuedKey | null>(null);
	return (
		<ShowKeyContext value={setIssued}>
			{children}
			<Modal
				opened={issued !== null}
				onClose={() => {}}
				withCloseButton={false}
				closeOnClickOutside={false}
				closeOnEscape={false}
				title={text('keyTitle', { deviceId: issued?.deviceId ?? '' })}
				centered
				size={460}
				zIndex={420}
				classNames={{ title: classes.title }}
			>
				{issued === null ? null : (
					<div className={classes.content}>
						<p className={classes.sentence}>{text('keyOnce')}</p>
						<div className={classes.key}>
							<code>{issued.key}</code>
							<CopyButton value={issued.key} what={text('theKey')} />
						</div>
						{issued.note === null ? null : <p className={classes.sentence}>{issued.note}</p>}
						<div className={classes.actions}>
							<Button data-autofocus onClick={() => setIssued(null)}>
								{text('keyNoted')}
							</Button>
						</div>
					</div>
				)}
			</Modal>
		</ShowKeyContext>
	);
}

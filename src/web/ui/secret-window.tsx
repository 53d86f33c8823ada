import { Button, Modal } from '@mantine/core';
import { createContext, type ReactNode, use, useState } from 'react';
import { CopyButton } from './copy-button.tsx';
import classes from './secret-window.module.css';

/** A secret that was just made, as its window reads. */
export interface ShownSecret {
	readonly title: string;
	/** Says that it is shown this once. */
	readonly sentence: string;
	readonly secret: string;
	/** What is copied, as it reads after "Copy". */
	readonly what: string;
	/** What else is to be known, if anything. */
	readonly note: string | null;
	/** Reads on the button that closes it. */
	readonly noted: string;
}

const ShowSecretContext = createContext<(shown: ShownSecret) => void>(() => {});

/** Shows a secret, once; the window outlives the form that made it. */
export function useShowSecret(): (shown: ShownSecret) => void {
	return use(ShowSecretContext);
}

/**
 * Where secrets are shown that forms below it make. It closes by its button alone, so that none is lost by a stray
 * click.
 */
export function SecretWindow({ children }: { readonly children: ReactNode }) {
	const [shown, setShown] = useState<ShownSecret | null>(null);
	return (
		<ShowSecretContext value={setShown}>
			{children}
			<Modal
				opened={shown !== null}
				onClose={() => {}}
				withCloseButton={false}
				closeOnClickOutside={false}
				closeOnEscape={false}
				title={shown?.title ?? ''}
				centered
				size={460}
				zIndex={420}
				classNames={{ title: classes.title }}
			>
				{shown === null ? null : (
					<div className={classes.content}>
						<p className={classes.sentence}>{shown.sentence}</p>
						<div className={classes.secret}>
							<code>{shown.secret}</code>
							<CopyButton value={shown.secret} what={shown.what} />
						</div>
						{shown.note === null ? null : <p className={classes.sentence}>{shown.note}</p>}
						<div className={classes.actions}>
							<Button data-autofocus onClick={() => setShown(null)}>
								{shown.noted}
							</Button>
						</div>
					</div>
				)}
			</Modal>
		</ShowSecretContext>
	);
}

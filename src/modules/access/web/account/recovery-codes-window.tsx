import { Button, Modal } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { createContext, type ReactNode, use, useState } from 'react';
import { keepFile } from '#web/downloads/downloads.ts';
import { useSession } from '#web/session/session.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { text } from '../text.ts';
import classes from './second-factor-window.module.css';

const ShowCodesContext = createContext<(codes: readonly string[]) => void>(() => {});

/** Shows recovery codes, once; the window outlives the form that made them. */
export function useShowCodes(): (codes: readonly string[]) => void {
	return use(ShowCodesContext);
}

interface RecoveryCodesWindowProps {
	/** Hears when codes are shown, and when they are kept. */
	readonly onShown?: (areShown: boolean) => void;
	readonly children: ReactNode;
}

/** Where recovery codes are shown that forms below it make. It closes by its button alone, so that none is lost. */
export function RecoveryCodesWindow({ onShown, children }: RecoveryCodesWindowProps) {
	const { user, organization } = useSession();
	const [codes, setCodes] = useState<readonly string[] | null>(null);
	function show(shown: readonly string[] | null) {
		setCodes(shown);
		onShown?.(shown !== null);
	}
	const written = codes?.join('\n') ?? '';

	function download() {
		const title = text('codesFileTitle', { email: user.email, organization: organization.name });
		keepFile(new Blob([`${title}\n\n${written}\n`], { type: 'text/plain' }), text('codesFile'));
	}

	return (
		<ShowCodesContext value={show}>
			{children}
			<Modal
				opened={codes !== null}
				onClose={() => {}}
				withCloseButton={false}
				closeOnClickOutside={false}
				closeOnEscape={false}
				title={text('recoveryCodes')}
				centered
				size={460}
				zIndex={420}
				classNames={{ title: classes.title }}
			>
				<div className={classes.content}>
					<p className={classes.sentence}>{text('recoveryCodesOnce')}</p>
					<ul className={classes.codes}>
						{codes?.map((code) => (
							<li key={code}>
								<code>{code}</code>
							</li>
						))}
					</ul>
					<div className={classes.actions}>
						<CopyButton value={written} what={text('theCodes')} label={text('copyCodes')} />
						<Button
							variant="default"
							size="md"
							leftSection={<IconDownload size={15} stroke={1.6} />}
							onClick={download}
						>
							{text('downloadCodes')}
						</Button>
						<Button size="md" data-autofocus onClick={() => show(null)}>
							{text('codesNoted')}
						</Button>
					</div>
				</div>
			</Modal>
		</ShowCodesContext>
	);
}

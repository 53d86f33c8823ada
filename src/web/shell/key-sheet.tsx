import { Kbd, Modal, Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import { pressKey, switchSingleKeys } from '#web/keys/keys.ts';
import { useKeys, useOfferedKeys, useSingleKeys } from '#web/keys/use-keys.ts';
import { text as uiText } from '#web/ui/text.ts';
import classes from './key-sheet.module.css';
import { text } from './text.ts';

/** Listens to the keys that pages offer, and lists them when somebody presses `?`. */
export function KeySheet() {
	const [isOpen, setIsOpen] = useState(false);
	const bindings = useOfferedKeys();
	const areOn = useSingleKeys();
	useKeys([{ key: '?', what: text('keySheet'), run: () => setIsOpen(true) }]);
	useEffect(() => {
		addEventListener('keydown', pressKey);
		return () => removeEventListener('keydown', pressKey);
	}, []);
	return (
		<Modal
			opened={isOpen}
			onClose={() => setIsOpen(false)}
			title={text('keys')}
			centered
			size={400}
			closeButtonProps={{ 'aria-label': uiText('close') }}
			classNames={{ title: classes.title }}
		>
			<dl className={classes.keys}>
				<div className={classes.line}>
					<dt>
						<Kbd>{text('paletteShortcut')}</Kbd>
					</dt>
					<dd>{text('keyPalette')}</dd>
				</div>
				{bindings.map(({ key, what }) => (
					<div key={key} className={classes.line}>
						<dt>
							<Kbd>{key === ' ' ? text('spaceKey') : key}</Kbd>
						</dt>
						<dd>{what}</dd>
					</div>
				))}
			</dl>
			<Switch
				label={text('singleKeys')}
				description={text('singleKeysDetail')}
				checked={areOn}
				onChange={(event) => switchSingleKeys(event.currentTarget.checked)}
			/>
		</Modal>
	);
}

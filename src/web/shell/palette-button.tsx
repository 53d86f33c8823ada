import { Kbd, UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { NamedPage } from '#web/page-offer.ts';
import type { PaletteSearch } from '#web/palette/search.ts';
import classes from './palette-button.module.css';
import { text } from './text.ts';

const loadPalette = () => import('./palette.tsx');
const Palette = lazy(loadPalette);

interface PaletteButtonProps {
	readonly pages: readonly NamedPage[];
	readonly searches: readonly PaletteSearch[];
}

/** Opens the command palette, as Ctrl+K or ⌘K does; its code comes when somebody reaches for it. */
export function PaletteButton({ pages, searches }: PaletteButtonProps) {
	const [isOpen, setIsOpen] = useState(false);
	const [isWanted, setIsWanted] = useState(false);

	function open() {
		setIsWanted(true);
		setIsOpen(true);
	}

	useHotkeys([['mod+K', open]], []);
	return (
		<>
			<UnstyledButton
				className={classes.button}
				aria-label={text('findAnything')}
				aria-haspopup="dialog"
				onClick={open}
				onPointerEnter={() => void loadPalette()}
			>
				<IconSearch size={17} stroke={1.8} aria-hidden />
				<span className={classes.words}>{text('findAnything')}</span>
				<Kbd size="xs" className={classes.keys} aria-hidden>
					{text('paletteShortcut')}
				</Kbd>
			</UnstyledButton>
			{isWanted ? (
				<Suspense>
					<Palette pages={pages} searches={searches} opened={isOpen} onOpen={setIsOpen} />
				</Suspense>
			) : null}
		</>
	);
}

import { Drawer, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMenu2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ShellPage } from '#web/page-offer.ts';
import { Account } from './account.tsx';
import classes from './bottom-bar.module.css';
import { text } from './text.ts';

/** As many pages as fit beside "More". */
const mostInBar = 3;

interface BottomBarProps {
	readonly pages: readonly ShellPage[];
}

/** On phones, instead of the rail: the pages most used, and "More" for the others and the account. */
export function BottomBar({ pages }: BottomBarProps) {
	const [isOpen, { open, close }] = useDisclosure(false);
	const inBar = pages
		.flatMap((page) => (page.inBar === undefined ? [] : [{ ...page.inBar, page }]))
		.sort((one, other) => one.place - other.place)
		.slice(0, mostInBar);
	const others = pages.filter((page) => inBar.every((entry) => entry.page !== page));
	return (
		<nav className={classes.bar} aria-label={text('navigation')}>
			{inBar.map(({ title, page: { path, icon: PageIcon } }) => (
				<Link key={path} to={path} className={classes.entry}>
					<PageIcon size={22} stroke={1.6} aria-hidden />
					{title}
				</Link>
			))}
			<UnstyledButton className={classes.entry} aria-haspopup="dialog" onClick={open}>
				<IconMenu2 size={22} stroke={1.6} aria-hidden />
				{text('more')}
			</UnstyledButton>
			<Drawer
				opened={isOpen}
				onClose={close}
				position="bottom"
				classNames={{ content: classes.sheet }}
				title={text('more')}
				closeButtonProps={{ 'aria-label': text('close') }}
			>
				{others.map(({ path, title, icon: PageIcon }) => (
					<Link key={path} to={path} className={classes.row} onClick={close}>
						<PageIcon size={20} stroke={1.6} aria-hidden />
						{title}
					</Link>
				))}
				<div className={classes.who}>
					<Account onLeave={close} />
				</div>
			</Drawer>
		</nav>
	);
}

import { Popover, UnstyledButton } from '@mantine/core';
import type { ShellPage } from '#web/page-offer.ts';
import { useSession } from '#web/session/session.ts';
import { BrandMark } from '#web/ui/brand-mark.tsx';
import { Account } from './account.tsx';
import { paletteSearches } from './pages.ts';
import { PaletteButton } from './palette-button.tsx';
import { text } from './text.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import classes from './top-bar.module.css';

interface TopBarProps {
	readonly title: string;
	readonly pages: readonly ShellPage[];
}

/** The page's name, whose portal it is, and who is signed in. */
export function TopBar({ title, pages }: TopBarProps) {
	const { user, organization } = useSession();
	return (
		<header className={classes.bar}>
			<BrandMark brand={organization} className={classes.mark} />
			{title === '' ? null : <h1 className={classes.title}>{title}</h1>}
			<span className={classes.organization}>{organization.name}</span>
			<PaletteButton pages={pages} searches={paletteSearches} />
			<ThemeSwitch />
			<div className={classes.user}>
				<Popover position="bottom-end" shadow="md" trapFocus returnFocus>
					<Popover.Target>
						<UnstyledButton
							className={classes.avatar}
							aria-label={text('accountOf', { name: user.name })}
						>
							{initials(user.name)}
						</UnstyledButton>
					</Popover.Target>
					<Popover.Dropdown p="lg">
						<Account />
					</Popover.Dropdown>
				</Popover>
			</div>
		</header>
	);
}

function initials(name: string): string {
	const words = name.trim().split(/\s+/);
	const first = words[0]?.charAt(0) ?? '';
	const last = words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : '';
	return `${first}${last}`.toUpperCase();
}

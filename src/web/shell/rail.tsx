import { Tooltip, UnstyledButton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { paths } from '#web/links.ts';
import type { ShellPage } from '#web/page-offer.ts';
import { useSession } from '#web/session/session.ts';
import { BrandMark } from '#web/ui/brand-mark.tsx';
import classes from './rail.module.css';
import { text } from './text.ts';

interface RailProps {
	readonly pages: readonly ShellPage[];
}

/** The pages the role may open, as icons or, when widened, with their names. */
export function Rail({ pages }: RailProps) {
	const { organization } = useSession();
	const [isWide, setIsWide] = useLocalStorage({
		key: 'rail-wide',
		defaultValue: false,
		getInitialValueInEffect: false,
	});
	const ToggleIcon = isWide ? IconLayoutSidebarLeftCollapse : IconLayoutSidebarLeftExpand;
	const toggleName = text(isWide ? 'narrow' : 'widen');
	return (
		<nav className={classes.rail} data-wide={isWide || undefined} aria-label={text('navigation')}>
			<Link to={paths.home} className={classes.brand} aria-label={organization.name}>
				<BrandMark brand={organization} className={classes.mark} />
				<span className={classes.name}>{organization.name}</span>
			</Link>
			<ul className={classes.pages}>
				{pages.map(({ path, title, icon: PageIcon, section }, place) => (
					<li
						key={path}
						className={classes.page}
						data-opens-section={section !== pages[place - 1]?.section || undefined}
					>
						<Tooltip label={title} position="right" disabled={isWide}>
							<Link to={path} className={classes.entry} aria-label={title}>
								<PageIcon size={20} stroke={1.6} aria-hidden />
								<span className={classes.name}>{title}</span>
							</Link>
						</Tooltip>
					</li>
				))}
			</ul>
			<Tooltip label={toggleName} position="right" disabled={isWide}>
				<UnstyledButton
					className={classes.entry}
					aria-label={toggleName}
					aria-expanded={isWide}
					onClick={() => setIsWide(!isWide)}
				>
					<ToggleIcon size={20} stroke={1.6} aria-hidden />
					<span className={classes.name}>{toggleName}</span>
				</UnstyledButton>
			</Tooltip>
		</nav>
	);
}

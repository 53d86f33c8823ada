import { IconLock } from '@tabler/icons-react';
import { Outlet, useMatches } from '@tanstack/react-router';
import { useMemo } from 'react';
import { roleLabels } from '#contract/roles.ts';
import { DownloadsCard } from '#web/downloads/downloads-card.tsx';
import { OpenPagesContext } from '#web/open-pages.ts';
import { useSession } from '#web/session/session.ts';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { useDocumentTitle } from '#web/ui/use-document-title.ts';
import { BottomBar } from './bottom-bar.tsx';
import { EnteredBanner } from './entered-banner.tsx';
import { FeedBanner } from './feed-banner.tsx';
import classes from './frame.module.css';
import { KeySheet } from './key-sheet.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { detailPages, isThere, pagesFor, shellPages } from './pages.ts';
import { Rail } from './rail.tsx';
import { text } from './text.ts';
import { TopBar } from './top-bar.tsx';

/** What stands around every page: rail or bottom bar, top bar, and the banner about the feed. */
export function Frame() {
	const { role, organization } = useSession();
	const { modules } = organization;
	const path = useMatches().at(-1)?.fullPath;
	const pages = useMemo(() => pagesFor(role, modules), [role, modules]);
	const openPaths = useMemo(() => {
		const details = detailPages.filter(
			(page) => page.admits.includes(role) && isThere(page, modules),
		);
		return new Set<string>([...pages, ...details].map(({ path }) => path));
	}, [pages, role, modules]);
	const known = [...shellPages, ...detailPages].find((each) => each.path === path);
	const page = known && isThere(known, modules) ? known : undefined;
	const title = page?.title ?? '';
	useDocumentTitle(title, organization.name);
	return (
		<div className={classes.frame}>
			<a className={classes.skip} href="#page">
				{text('skip')}
			</a>
			<Rail pages={pages} />
			<TopBar title={title} pages={pages} />
			<main id="page" tabIndex={-1} className={classes.page}>
				<EnteredBanner />
				<FeedBanner />
				<div className={classes.content}>
					{page !== known ? (
						<NotFoundPage />
					) : page && !page.admits.includes(role) ? (
						<MessagePanel
							icon={IconLock}
							title={text('notPermittedTitle')}
							detail={text('notPermittedDetail', { role: roleLabels[role] })}
						/>
					) : (
						<OpenPagesContext value={openPaths}>
							<Outlet />
						</OpenPagesContext>
					)}
				</div>
			</main>
			<BottomBar pages={pages} />
			<DownloadsCard />
			<KeySheet />
		</div>
	);
}

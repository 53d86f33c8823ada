import '#web/theme/layers.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import 'mantine-datatable/styles.layer.css';
import '#web/theme/tokens.css';
import '#web/theme/base.css';
import { DirectionProvider, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import {
	createRootRoute,
	createRoute,
	createRouter,
	Outlet,
	RouterProvider,
} from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { parseSearch, writeSearch } from '#web/address/search-text.ts';
import { pressKey } from '#web/keys/keys.ts';
import { createLiveClient } from '#web/live/client.ts';
import { LiveFeed } from '#web/live/feed.tsx';
import { sessionQuery } from '#web/session/queries.ts';
import { SessionContext } from '#web/session/session.ts';
import { PaletteButton } from '#web/shell/palette-button.tsx';
import { RegionProvider } from '#web/text/region.tsx';
import { theme } from '#web/theme/theme.ts';
import { VehiclesPage } from './vehicles-page.tsx';

/** Nobody answers here: these vehicles do not report. */
const feed = createLiveClient({ url: `${location.origin.replace('http', 'ws')}/nothing` });

/** What the shell gives to its pages. */
function Shell() {
	const { data: session } = useQuery(sessionQuery);
	if (!session) return null;
	return (
		<SessionContext value={session}>
			<RegionProvider {...session.organization}>
				<LiveFeed client={feed}>
					<main style={{ blockSize: '100vh' }}>
						<PaletteButton pages={[]} searches={[]} />
						<VehiclesPage />
					</main>
				</LiveFeed>
			</RegionProvider>
		</SessionContext>
	);
}

const rootRoute = createRootRoute({ component: Outlet });
const pageRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: '/grid.html',
	component: Shell,
});

const root = document.getElementById('root');
if (!root) throw new Error('grid.html has no element "root"');
// The page reads right to left when a test asks for it before it loads.
const direction = sessionStorage.getItem('direction') === 'rtl' ? 'rtl' : 'ltr';
document.documentElement.dir = direction;
window.addEventListener('keydown', pressKey);
createRoot(root).render(
	<DirectionProvider initialDirection={direction} detectDirection={false}>
		<MantineProvider theme={theme} defaultColorScheme="auto">
			<QueryClientProvider client={new QueryClient()}>
				<RouterProvider
					router={createRouter({
						routeTree: rootRoute.addChildren([pageRoute]),
						parseSearch,
						stringifySearch: writeSearch,
					})}
				/>
				<Notifications position="bottom-center" />
			</QueryClientProvider>
		</MantineProvider>
	</DirectionProvider>,
);

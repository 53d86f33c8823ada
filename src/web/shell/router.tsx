import type { QueryClient } from '@tanstack/react-query';
import {
	createRootRouteWithContext,
	createRoute,
	createRouter,
	lazyRouteComponent,
	Outlet,
} from '@tanstack/react-router';
import { parseSearch, writeSearch } from '#web/address/search-text.ts';
import { sessionQuery } from '#web/session/queries.ts';
import { BrokenPage } from './broken-page.tsx';
import { HomePage } from './home-page.tsx';
import { liveClient } from './live-client.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { PageSkeleton } from './page-skeleton.tsx';
import { detailPages, entrancePages, shellPages } from './pages.ts';
import { SignedIn } from './signed-in.tsx';

interface RouterContext {
	readonly queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet });

const entranceRoutes = entrancePages.map((page) =>
	createRoute({
		getParentRoute: () => rootRoute,
		path: page.path,
		component: lazyRouteComponent(page.load),
	}),
);

const shellRoute = createRoute({
	getParentRoute: () => rootRoute,
	id: 'shell',
	loader: ({ context }) => void begin(context.queryClient),
	component: SignedIn,
});

/** Asks who is signed in, and opens the live feed, while the page's code is still under way. */
async function begin(queryClient: QueryClient): Promise<void> {
	await queryClient.prefetchQuery(sessionQuery);
	const session = queryClient.getQueryData(sessionQuery.queryKey);
	if (session !== undefined && !session.lacksSecondFactor) liveClient.connect();
}

const homeRoute = createRoute({
	getParentRoute: () => shellRoute,
	path: '/',
	component: HomePage,
});

const pageRoutes = [...shellPages, ...detailPages].map((page) =>
	createRoute({
		getParentRoute: () => shellRoute,
		path: page.path,
		component: lazyRouteComponent(page.load),
	}),
);

const unknownRoute = createRoute({
	getParentRoute: () => shellRoute,
	path: '$',
	component: NotFoundPage,
});

/** Every page's route: the entrances, and behind the sign-in gate the shell with its pages. */
export function createPageRouter(queryClient: QueryClient) {
	return createRouter({
		routeTree: rootRoute.addChildren([
			...entranceRoutes,
			shellRoute.addChildren([homeRoute, ...pageRoutes, unknownRoute]),
		]),
		context: { queryClient },
		defaultPreload: 'intent',
		defaultPendingComponent: PageSkeleton,
		defaultErrorComponent: BrokenPage,
		defaultNotFoundComponent: NotFoundPage,
		parseSearch,
		stringifySearch: writeSearch,
	});
}

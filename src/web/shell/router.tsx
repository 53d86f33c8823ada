import {
	createRootRoute,
	createRoute,
	createRouter,
	lazyRouteComponent,
	Outlet,
} from '@tanstack/react-router';
import { parseSearch, writeSearch } from '#web/address/search-text.ts';
import { BrokenPage } from './broken-page.tsx';
import { HomePage } from './home-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PageSkeleton } from './page-skeleton.tsx';
import { detailPages, entrancePages, shellPages } from './pages.ts';
import { SignedIn } from './signed-in.tsx';

const rootRoute = createRootRoute({ component: Outlet });

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
	component: SignedIn,
});

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
export const router = createRouter({
	routeTree: rootRoute.addChildren([
		...entranceRoutes,
		shellRoute.addChildren([homeRoute, ...pageRoutes, unknownRoute]),
	]),
	defaultPreload: 'intent',
	defaultPendingComponent: PageSkeleton,
	defaultErrorComponent: BrokenPage,
	defaultNotFoundComponent: NotFoundPage,
	parseSearch,
	stringifySearch: writeSearch,
});

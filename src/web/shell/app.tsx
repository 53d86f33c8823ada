import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { sessionQuery } from '#web/session/queries.ts';
import { colourSchemeManager, theme } from '#web/theme/theme.ts';
import { BrandKeeper } from './brand-keeper.tsx';
import { createQueryClient } from './query-client.ts';
import { createPageRouter } from './router.tsx';

const queryClient = createQueryClient({
	// The gate asks again who is signed in and, hearing "nobody", leads to the sign-in page, or to what is to be set up.
	onSessionEnded() {
		if (queryClient.getQueryData(sessionQuery.queryKey)) {
			void queryClient.resetQueries({ queryKey: sessionQuery.queryKey });
		}
	},
});
const router = createPageRouter(queryClient);

export function App() {
	return (
		<MantineProvider
			theme={theme}
			colorSchemeManager={colourSchemeManager}
			defaultColorScheme="auto"
		>
			<QueryClientProvider client={queryClient}>
				<BrandKeeper />
				<RouterProvider router={router} />
				<Notifications position="bottom-center" />
			</QueryClientProvider>
		</MantineProvider>
	);
}

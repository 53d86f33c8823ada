import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { SecondFactorGate } from '#modules/access/web/index.ts';
import { ProblemError } from '#web/api/problem.ts';
import type { DeviceOffer } from '#web/device-offer.ts';
import { DeviceOffers } from '#web/device-offers.tsx';
import { signInLink } from '#web/links.ts';
import { LiveFeed, useFeedState, useRecovery } from '#web/live/feed.tsx';
import { sessionQuery } from '#web/session/queries.ts';
import { SessionContext } from '#web/session/session.ts';
import { RegionProvider } from '#web/text/region.tsx';
import { Redirect } from '#web/ui/redirect.tsx';
import { Frame } from './frame.tsx';
import { liveClient } from './live-client.ts';
import { NoAccess } from './no-access.tsx';
import { Splash } from './splash.tsx';
import { Unavailable } from './unavailable.tsx';
import { useSignOut } from './use-sign-out.ts';

const askAgainMs = 5_000;

let deviceOffers: Promise<readonly DeviceOffer[]> | undefined;

function loadDeviceOffers(): Promise<readonly DeviceOffer[]> {
	deviceOffers ??= import('./device-offers.ts').then((module) => module.deviceOffers);
	return deviceOffers;
}

/** The gate: only somebody who is signed in gets to the pages behind it; everybody else to the sign-in page. */
export function SignedIn() {
	const session = useQuery({
		...sessionQuery,
		// Another brand or region, perhaps, since somebody last looked.
		refetchOnWindowFocus: 'always',
		// A server in trouble comes back by itself, and so does the page.
		refetchInterval: ({ state }) => (isTrouble(state.error) && !state.data ? askAgainMs : false),
	});
	const { href } = useLocation();
	const { signOut, isPending: isSigningOut } = useSignOut();
	const [areCodesShown, setAreCodesShown] = useState(false);

	if (session.data && (session.data.lacksSecondFactor || areCodesShown)) {
		return (
			<SessionContext value={session.data}>
				<Suspense fallback={<Splash />}>
					<SecondFactorGate
						onCodesShown={setAreCodesShown}
						onSignOut={signOut}
						isSigningOut={isSigningOut}
					/>
				</Suspense>
			</SessionContext>
		);
	}
	if (session.data) {
		const { timeZone, locale } = session.data.organization;
		return (
			<SessionContext value={session.data}>
				<RegionProvider timeZone={timeZone} locale={locale}>
					<LiveFeed client={liveClient}>
						<FeedConsequences />
						<DeviceOffers load={loadDeviceOffers}>
							<Frame />
						</DeviceOffers>
					</LiveFeed>
				</RegionProvider>
			</SessionContext>
		);
	}
	if (isRefusal(session.error, 401)) return <Redirect href={signInLink(href)} />;
	if (isRefusal(session.error, 403)) return <NoAccess sentence={session.error.message} />;
	if (session.error) {
		return <Unavailable error={session.error} onRetry={() => void session.refetch()} />;
	}
	return <Splash />;
}

function isRefusal(error: Error | null, status: 401 | 403): error is ProblemError {
	return error instanceof ProblemError && error.status === status;
}

/** Worth asking again: not an answer about who is signed in. */
function isTrouble(error: Error | null): boolean {
	return error !== null && !isRefusal(error, 401) && !isRefusal(error, 403);
}

/** What the feed's state means for everything that was fetched. */
function FeedConsequences() {
	const queryClient = useQueryClient();
	const { phase } = useFeedState();
	useRecovery(() => void queryClient.invalidateQueries());
	useEffect(() => {
		const { queryKey } = sessionQuery;
		// Over, or now with another role or scope: what was fetched before is not to be shown.
		if (phase === 'ended') void queryClient.resetQueries();
		// The WebSocket cannot say why it is refused: perhaps nobody is signed in any more.
		if (phase === 'waiting') void queryClient.refetchQueries({ queryKey });
	}, [phase, queryClient]);
	return null;
}

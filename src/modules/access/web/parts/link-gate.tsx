import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { call } from '#web/api/call.ts';
import { ProblemError } from '#web/api/problem.ts';
import { portalQuery } from '#web/session/queries.ts';
import { Entrance } from '#web/ui/entrance.tsx';
import { useDocumentTitle } from '#web/ui/use-document-title.ts';
import { checkAccountLink, type LinkPurpose, linkStateSentences } from '../../contract.ts';
import { text } from '../text.ts';
import { LinkEnded } from './link-ended.tsx';

/** Whom a link lets in, and by what. */
export interface OpenedLink {
	readonly token: string;
	readonly email: string;
	readonly organizationName: string;
}

interface LinkGateProps {
	readonly purpose: LinkPurpose;
	readonly title: string;
	readonly children: (link: OpenedLink) => ReactNode;
}

/** The page behind a link that came by mail: what it is for, or why it no longer works. */
export function LinkGate({ purpose, title, children }: LinkGateProps) {
	const portal = useQuery(portalQuery);
	const { hash: token } = useLocation();
	const link = useQuery({
		queryKey: ['account-link', purpose, token],
		queryFn: ({ signal }) =>
			token === ''
				? { state: 'unknown' as const, account: null }
				: call(checkAccountLink, { body: { purpose, token } }, signal),
		// The form stays while its link is being used; that it has ended is what comes after.
		staleTime: Number.POSITIVE_INFINITY,
		gcTime: 0,
		retry: false,
	});
	const brand = link.data?.account?.organizationName ?? portal.data?.name ?? '';
	useDocumentTitle(title, brand);

	return (
		<Entrance brand={brand} version={portal.data?.version ?? null}>
			{link.error !== null ? (
				<LinkEnded
					title={text(isRefusal(link.error) ? 'linkEnded' : 'linkUnread')}
					detail={link.error.message}
					purpose={isRefusal(link.error) ? 'activate' : null}
				/>
			) : link.data === undefined ? (
				<Loader aria-label={text('checkingLink')} />
			) : link.data.account === null ? (
				<LinkEnded
					title={text('linkEnded')}
					detail={linkStateSentences[purpose][link.data.state]}
					purpose={purpose}
				/>
			) : (
				children({ token, ...link.data.account })
			)}
		</Entrance>
	);
}

/** Whether the link has come to its end, because a password opens nothing any more. */
function isRefusal(error: Error): boolean {
	return error instanceof ProblemError && error.code === 'password_sign_in_off';
}

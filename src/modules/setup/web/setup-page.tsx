import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import type { EndpointReply } from '#contract/endpoint.ts';
import { portalQuery } from '#web/session/queries.ts';
import { Entrance } from '#web/ui/entrance.tsx';
import { useDocumentTitle } from '#web/ui/use-document-title.ts';
import type { setUp } from '../contract.ts';
import { CannotSetUp } from './parts/cannot-set-up.tsx';
import { Ready } from './parts/ready.tsx';
import { SetupForm } from './parts/setup-form.tsx';
import { text } from './text.ts';

interface Outcome {
	readonly organizationName: string;
	readonly demoUsers: EndpointReply<typeof setUp>['demoUsers'];
}

export default function SetupPage() {
	const portal = useQuery(portalQuery);
	const { hash } = useLocation();
	const [outcome, setOutcome] = useState<Outcome | null>(null);
	useDocumentTitle(text('title'), '');

	return (
		<Entrance brand={text('brand')} version={portal.data?.version ?? null} wide>
			{outcome ? (
				<Ready organizationName={outcome.organizationName} demoUsers={outcome.demoUsers} />
			) : portal.data?.needsSetup === false ? (
				<CannotSetUp title={text('doneTitle')} detail={text('doneDetail')} leadsToSignIn />
			) : hash === '' ? (
				<CannotSetUp title={text('noTokenTitle')} detail={text('noTokenDetail')} />
			) : (
				<SetupForm
					token={hash}
					onReady={(organizationName, reply) =>
						setOutcome({ organizationName, demoUsers: reply.demoUsers })
					}
				/>
			)}
		</Entrance>
	);
}

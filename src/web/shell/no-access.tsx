import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { portalQuery } from '#web/session/queries.ts';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { SupportContact } from '#web/ui/support-contact.tsx';
import { text } from './text.ts';
import { useSignOut } from './use-sign-out.ts';

interface NoAccessProps {
	/** What the server has against it. */
	readonly sentence: string;
}

/** Somebody who is signed in, but has no place in this organization. */
export function NoAccess({ sentence }: NoAccessProps) {
	const { signOut, isPending } = useSignOut();
	const portal = useQuery(portalQuery);
	return (
		<MessagePanel icon={IconLock} order={1} title={text('noAccessTitle')} detail={sentence}>
			{portal.data ? <SupportContact support={portal.data.support} /> : null}
			<Button variant="default" loading={isPending} onClick={signOut}>
				{text('signOut')}
			</Button>
		</MessagePanel>
	);
}

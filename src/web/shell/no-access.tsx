import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { text } from './text.ts';
import { useSignOut } from './use-sign-out.ts';

interface NoAccessProps {
	/** What the server has against it. */
	readonly sentence: string;
}

/** Somebody who is signed in, but has no place in this organization. */
export function NoAccess({ sentence }: NoAccessProps) {
	const { signOut, isPending } = useSignOut();
	return (
		<MessagePanel icon={IconLock} order={1} title={text('noAccessTitle')} detail={sentence}>
			<Button variant="default" loading={isPending} onClick={signOut}>
				{text('signOut')}
			</Button>
		</MessagePanel>
	);
}

import { Button, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { ProblemError } from '#web/api/problem.ts';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { text as uiText } from '#web/ui/text.ts';
import { text } from './text.ts';

interface UnavailableProps {
	readonly error: Error;
	readonly onRetry: () => void;
}

/** Instead of the whole portal, when the server cannot say who is signed in. */
export function Unavailable({ error, onRetry }: UnavailableProps) {
	const requestId = error instanceof ProblemError ? error.requestId : null;
	return (
		<MessagePanel
			icon={IconPlugConnectedX}
			order={1}
			title={text('unavailableTitle')}
			detail={`${error.message} ${text('unavailableDetail')}`}
		>
			<Button variant="default" onClick={onRetry}>
				{uiText('retry')}
			</Button>
			{requestId === null ? null : (
				<Text c="dimmed" fz="xs" w="100%">
					{uiText('requestId', { requestId })}
				</Text>
			)}
		</MessagePanel>
	);
}

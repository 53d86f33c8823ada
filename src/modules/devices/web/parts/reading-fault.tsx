import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { text } from '../text.ts';

interface ReadingFaultProps {
	readonly error: Error;
	readonly onRetry: () => void;
}

/** A part of the page could not be read, and there is nothing older to show. */
export function ReadingFault({ error, onRetry }: ReadingFaultProps) {
	return (
		<div role="alert">
			<MessagePanel icon={IconCloudOff} title={text('faultTitle')} detail={error.message}>
				<Button variant="default" onClick={onRetry}>
					{text('retry')}
				</Button>
			</MessagePanel>
		</div>
	);
}

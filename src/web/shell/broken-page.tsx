import { Button } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { text } from './text.ts';

/** A page that threw, or whose code could not be loaded. */
export function BrokenPage({ error }: ErrorComponentProps) {
	return (
		<MessagePanel
			icon={IconBug}
			title={text('brokenTitle')}
			detail={text('brokenDetail', {
				cause: error instanceof Error ? error.message : String(error),
			})}
		>
			<Button variant="default" onClick={() => location.reload()}>
				{text('reload')}
			</Button>
		</MessagePanel>
	);
}

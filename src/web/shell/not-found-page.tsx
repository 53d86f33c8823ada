import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { paths } from '#web/links.ts';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { text } from './text.ts';

/** An address that is no page. */
export function NotFoundPage() {
	const { pathname } = useLocation();
	return (
		<MessagePanel
			icon={IconMapQuestion}
			title={text('notFoundTitle')}
			detail={text('notFoundDetail', { path: pathname })}
		>
			<Button component={Link} to={paths.home} variant="default">
				{text('toHome')}
			</Button>
		</MessagePanel>
	);
}

import { IconDoor } from '@tabler/icons-react';
import { roleLabels } from '#contract/roles.ts';
import { useSession } from '#web/session/session.ts';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { Redirect } from '#web/ui/redirect.tsx';
import { pagesFor } from './pages.ts';
import { text } from './text.ts';

/** Leads to the first page that the role may open; says so when there is none. */
export function HomePage() {
	const { role, organization } = useSession();
	const first = pagesFor(role, organization.modules)[0];
	if (first) return <Redirect href={first.path} />;
	return (
		<MessagePanel
			icon={IconDoor}
			title={text('noPageTitle')}
			detail={text('noPageDetail', { role: roleLabels[role] })}
		/>
	);
}

import { Anchor, Button, Title } from '@mantine/core';
import { FaultNotice } from '#web/ui/notice.tsx';
import classes from '../sign-in-page.module.css';
import { text } from '../text.ts';

interface ProviderOnlyProps {
	readonly title: string;
	/** What the organization's provider is called. */
	readonly provider: string;
	/** Where sign-in at the provider begins. */
	readonly href: string;
	/** Why the last try came to nothing. */
	readonly fault: string | null;
	/** Shows the form for Super Admins, who use a password all the same. */
	readonly onPassword: () => void;
}

/** Instead of the form, where the organization takes no passwords. */
export function ProviderOnly({ title, provider, href, fault, onPassword }: ProviderOnlyProps) {
	return (
		<div className={classes.form}>
			<Title order={1} className={classes.title}>
				{title}
			</Title>
			<FaultNotice>{fault}</FaultNotice>
			<Button component="a" href={href} fullWidth>
				{text('signInWith', { provider })}
			</Button>
			<Anchor component="button" type="button" className={classes.aside} onClick={onPassword}>
				{text('superAdminPassword')}
			</Anchor>
		</div>
	);
}

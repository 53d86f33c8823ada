import { Badge, Button, Text } from '@mantine/core';
import { IconLogout, IconUserCog } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { roleLabels } from '#contract/roles.ts';
import { paths } from '#web/links.ts';
import { useSession } from '#web/session/session.ts';
import classes from './account.module.css';
import { text } from './text.ts';
import { useSignOut } from './use-sign-out.ts';

interface AccountProps {
	/** Called when the account's page opens. */
	readonly onLeave: () => void;
}

/** Who is signed in and as what, with the way to the account's page and the way out. */
export function Account({ onLeave }: AccountProps) {
	const { user, role, organization } = useSession();
	const { signOut, isPending } = useSignOut();
	return (
		<div className={classes.account}>
			<Text fw={600} fz="md">
				{user.name}
			</Text>
			<Text c="dimmed" className={classes.email}>
				{user.email}
			</Text>
			<div className={classes.place}>
				<Badge variant="light" radius="sm" tt="none" fw={600}>
					{roleLabels[role]}
				</Badge>
				<Text c="dimmed">{organization.name}</Text>
			</div>
			<Button
				variant="default"
				fullWidth
				mb={8}
				leftSection={<IconUserCog size={16} stroke={1.7} />}
				renderRoot={(props) => <Link to={paths.account} {...props} />}
				onClick={onLeave}
			>
				{text('account')}
			</Button>
			<Button
				variant="default"
				fullWidth
				leftSection={<IconLogout size={16} stroke={1.7} />}
				loading={isPending}
				onClick={signOut}
			>
				{text('signOut')}
			</Button>
		</div>
	);
}

import { Badge, Button, Text } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { roleLabels } from '#contract/roles.ts';
import { useSession } from '#web/session/session.ts';
import classes from './account.module.css';
import { text } from './text.ts';
import { useSignOut } from './use-sign-out.ts';

/** Who is signed in and as what, with the way out. */
export function Account() {
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
				leftSection={<IconLogout size={16} stroke={1.7} />}
				loading={isPending}
				onClick={signOut}
			>
				{text('signOut')}
			</Button>
		</div>
	);
}

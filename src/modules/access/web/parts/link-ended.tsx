import { Button, Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { paths } from '#web/links.ts';
import type { LinkPurpose } from '../../contract.ts';
import { text } from '../text.ts';

interface LinkEndedProps {
	readonly title: string;
	readonly detail: string;
	/** Null: loading the page again may help. */
	readonly purpose: LinkPurpose | null;
}

/** Instead of the form, when a link does not work. */
export function LinkEnded({ title, detail, purpose }: LinkEndedProps) {
	return (
		<>
			<Title order={1}>{title}</Title>
			<Text c="dimmed" fz="md" my="md">
				{detail}
			</Text>
			{purpose === null ? null : (
				<Group gap="sm">
					{purpose === 'reset' ? (
						<Button component={Link} to={paths.forgotPassword}>
							{text('askAgain')}
						</Button>
					) : null}
					<Button
						component={Link}
						to={paths.signIn}
						variant={purpose === 'reset' ? 'default' : 'filled'}
					>
						{text('toSignIn')}
					</Button>
				</Group>
			)}
		</>
	);
}

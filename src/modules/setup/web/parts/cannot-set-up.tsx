import { Button, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { paths } from '#web/links.ts';
import { text } from '../text.ts';

interface CannotSetUpProps {
	readonly title: string;
	readonly detail: string;
	readonly leadsToSignIn?: boolean;
}

/** Instead of the form, when there is nothing to set up with it. */
export function CannotSetUp({ title, detail, leadsToSignIn = false }: CannotSetUpProps) {
	return (
		<>
			<Title order={1}>{title}</Title>
			<Text c="dimmed" fz="md" my="md">
				{detail}
			</Text>
			{leadsToSignIn ? (
				<Button component={Link} to={paths.signIn}>
					{text('toSignIn')}
				</Button>
			) : null}
		</>
	);
}

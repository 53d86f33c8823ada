import { Text, Title } from '@mantine/core';

interface NotReadyProps {
	readonly title: string;
	readonly detail: string;
}

/** Instead of the form, when nobody can sign in yet. */
export function NotReady({ title, detail }: NotReadyProps) {
	return (
		<>
			<Title order={1}>{title}</Title>
			<Text c="dimmed" fz="md" mt="md">
				{detail}
			</Text>
		</>
	);
}

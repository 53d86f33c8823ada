import { Button, Group, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { EndpointReply } from '#contract/endpoint.ts';
import { paths } from '#web/links.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import type { setUp } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './ready.module.css';

interface ReadyProps {
	readonly organizationName: string;
	readonly demoUsers: EndpointReply<typeof setUp>['demoUsers'];
}

/** After setup: the demo fleet's users, shown once, and the way to the sign-in page. */
export function Ready({ organizationName, demoUsers }: ReadyProps) {
	const everything = demoUsers
		.map((user) => `${user.role}\t${user.email}\t${user.password}`)
		.join('\n');
	return (
		<>
			<Title order={1}>{text('readyTitle', { name: organizationName })}</Title>
			<Text c="dimmed" fz="md" my="md">
				{text(demoUsers.length > 0 ? 'readyDemo' : 'readyEmpty')}
			</Text>
			{demoUsers.length > 0 ? (
				<Table.ScrollContainer type="native" minWidth={440} className={classes.users}>
					<Table verticalSpacing="sm" horizontalSpacing="lg">
						<Table.Thead>
							<Table.Tr>
								<Table.Th>{text('role')}</Table.Th>
								<Table.Th>{text('email')}</Table.Th>
								<Table.Th>{text('password')}</Table.Th>
							</Table.Tr>
						</Table.Thead>
						<Table.Tbody>
							{demoUsers.map(({ role, email, password }) => (
								<Table.Tr key={email}>
									<Table.Td>{role}</Table.Td>
									<Table.Td>{email}</Table.Td>
									<Table.Td>
										<span className={classes.password}>
											<code>{password}</code>
											<CopyButton value={password} what={text('passwordOf', { email })} />
										</span>
									</Table.Td>
								</Table.Tr>
							))}
						</Table.Tbody>
					</Table>
				</Table.ScrollContainer>
			) : null}
			<Group mt="xl">
				<Button component={Link} to={paths.signIn} size="md">
					{text('toSignIn')}
				</Button>
				{demoUsers.length > 0 ? (
					<CopyButton value={everything} what={text('allUsers')} label={text('copyAll')} />
				) : null}
			</Group>
		</>
	);
}

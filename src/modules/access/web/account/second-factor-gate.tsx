import { Button, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { portalQuery, sessionQuery } from '#web/session/queries.ts';
import { useSession } from '#web/session/session.ts';
import { Entrance } from '#web/ui/entrance.tsx';
import { useDocumentTitle } from '#web/ui/use-document-title.ts';
import classes from '../sign-in-page.module.css';
import { text } from '../text.ts';
import { EnrolWindow } from './enrol-window.tsx';
import { RecoveryCodesWindow } from './recovery-codes-window.tsx';

interface SecondFactorGateProps {
	/** Hears whether recovery codes are shown, which must not go before they are kept. */
	readonly onCodesShown: (areShown: boolean) => void;
	readonly onSignOut: () => void;
	readonly isSigningOut: boolean;
}

/** Instead of the pages, while the organization requires a second factor that is not set up yet. */
export default function SecondFactorGate({
	onCodesShown,
	onSignOut,
	isSigningOut,
}: SecondFactorGateProps) {
	const { user, organization } = useSession();
	const portal = useQuery(portalQuery);
	const queryClient = useQueryClient();
	const [isOpen, setIsOpen] = useState(false);
	useDocumentTitle(text('gateTitle'), organization.name);
	useEffect(() => () => onCodesShown(false), [onCodesShown]);

	function codesShown(areShown: boolean) {
		onCodesShown(areShown);
		// Everything opens by itself.
		if (!areShown) void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
	}

	return (
		<Entrance brand={organization.name} version={portal.data?.version ?? null}>
			<RecoveryCodesWindow onShown={codesShown}>
				<div className={classes.form}>
					<Title order={1} className={classes.title}>
						{text('gateTitle')}
					</Title>
					<Text>{text('gateDetail', { name: organization.name })}</Text>
					<Text c="dimmed" className={classes.title}>
						{text('gateWho')} <bdi>{user.email}</bdi>
					</Text>
					<Button fullWidth onClick={() => setIsOpen(true)}>
						{text('setUp')}
					</Button>
					<Button variant="default" fullWidth loading={isSigningOut} onClick={onSignOut}>
						{text('signOut')}
					</Button>
				</div>
				<EnrolWindow opened={isOpen} onClose={() => setIsOpen(false)} />
			</RecoveryCodesWindow>
		</Entrance>
	);
}

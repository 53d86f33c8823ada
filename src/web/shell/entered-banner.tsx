import { Button } from '@mantine/core';
import { IconBuildingCommunity } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { leaveOrganization } from '#modules/organization/contract.ts';
import { call } from '#web/api/call.ts';
import { paths } from '#web/links.ts';
import { useSession } from '#web/session/session.ts';
import { toastFault } from '#web/ui/toast.ts';
import classes from './entered-banner.module.css';
import { text } from './text.ts';

/** Over every page while a Super Admin is in another organization, with the way back. */
export function EnteredBanner() {
	const { organization, enteredFrom } = useSession();
	const { name } = organization;
	const leave = useMutation({
		mutationFn: () => call(leaveOrganization, { body: {} }),
		// Afresh, so that nothing that was fetched stays in memory.
		onSuccess: () => location.assign(paths.organizations),
		onError: (error) => toastFault(text('leaveFailed', { name, reason: error.message })),
	});
	if (enteredFrom === null) return null;
	return (
		<div className={classes.banner} role="status">
			<IconBuildingCommunity size={18} stroke={1.7} aria-hidden />
			<span>
				<strong>{text('inOrganization', { name })}</strong>{' '}
				{text('belongsTo', { name: enteredFrom })}
			</span>
			<Button
				size="compact-sm"
				variant="default"
				loading={leave.isPending}
				onClick={() => leave.mutate()}
			>
				{text('leave')}
			</Button>
		</div>
	);
}

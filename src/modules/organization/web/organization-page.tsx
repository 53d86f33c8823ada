import { Anchor, Button, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHistory, IconLogin2, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isAdmitted } from '#contract/endpoint.ts';
import { auditPath, paths } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { useSession } from '#web/session/session.ts';
import { FaultNotice } from '#web/ui/notice.tsx';
import { changeOrganization } from '../contract.ts';
import classes from './organization-page.module.css';
import { EditForm } from './parts/edit-form.tsx';
import { SettingsView } from './parts/settings-view.tsx';
import { organizationQuery } from './queries.ts';
import { text } from './text.ts';

/** What the organization is called, looks like and has switched on; an Admin changes it. */
export default function OrganizationPage() {
	const { role } = useSession();
	const { data, error } = useQuery(organizationQuery);
	const [isEditing, { open, close }] = useDisclosure(false);
	const mayReadAudit = useMayOpen(paths.audit);
	const maySetSignIn = useMayOpen(paths.adminSignIn);
	return (
		<div className={classes.page}>
			{error !== null && data === undefined ? (
				<FaultNotice>{text('readFault', { reason: error.message })}</FaultNotice>
			) : data === undefined ? (
				<Skeleton height={320} />
			) : (
				<>
					<div className={classes.bar}>
						{isAdmitted(changeOrganization.admits, role) ? (
							<Button leftSection={<IconPencil size={16} stroke={1.7} />} onClick={open}>
								{text('edit')}
							</Button>
						) : null}
						{maySetSignIn ? (
							<Anchor component={Link} to={paths.adminSignIn} inherit className={classes.link}>
								<IconLogin2 size={16} stroke={1.7} aria-hidden />
								{text('signIn')}
							</Anchor>
						) : null}
						{mayReadAudit ? (
							<Anchor component={Link} to={auditPath(data.name)} inherit className={classes.link}>
								<IconHistory size={16} stroke={1.7} aria-hidden />
								{text('auditEntries')}
							</Anchor>
						) : null}
					</div>
					<SettingsView organization={data} />
					{isEditing ? <EditForm organization={data} onClose={close} /> : null}
				</>
			)}
		</div>
	);
}

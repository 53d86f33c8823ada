import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { auditPath, paths } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { Count } from '#web/ui/count.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { Instant } from '#web/ui/instant.tsx';
import type { OrganizationRow } from '../../contract.ts';
import { text } from '../text.ts';
import { HostsCell } from './cells.tsx';
import classes from './organization-panel.module.css';
import { countryName } from './region-choices.ts';

interface OrganizationPanelProps {
	readonly row: OrganizationRow;
}

/** What an organization is, and what entering it means. */
export function OrganizationPanel({ row }: OrganizationPanelProps) {
	const mayReadAudit = useMayOpen(paths.audit);
	return (
		<div className={classes.panel}>
			<FactList>
				<Fact label={text('hosts')}>
					<HostsCell row={row} />
				</Fact>
				<Fact label={text('country')}>{countryName(row.country)}</Fact>
				<Fact label={text('timeZone')}>
					<bdi>{row.timeZone}</bdi>
				</Fact>
				<Fact label={text('devices')}>
					<Count value={row.devices} />
				</Fact>
				<Fact label={text('users')}>
					<Count value={row.users} />
				</Fact>
				<Fact label={text('created')}>
					<Instant atMs={row.createdAtMs} />
				</Fact>
			</FactList>
			{row.isHere ? null : <p className={classes.help}>{text('enterHelp')}</p>}
			{mayReadAudit ? (
				<Anchor component={Link} to={auditPath(row.name)} inherit>
					{text('auditEntries')}
				</Anchor>
			) : null}
		</div>
	);
}

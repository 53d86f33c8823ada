import type { OrganizationRow } from '../../contract.ts';
import { HostsCell, YouCell } from './cells.tsx';
import classes from './organization-card.module.css';

interface OrganizationCardProps {
	readonly row: OrganizationRow;
}

/** An organization on a phone: what matters most. */
export function OrganizationCard({ row }: OrganizationCardProps) {
	return (
		<span className={classes.card}>
			<span className={classes.name}>{row.name}</span>
			<YouCell row={row} />
			<span className={classes.hosts}>
				<HostsCell row={row} />
			</span>
		</span>
	);
}

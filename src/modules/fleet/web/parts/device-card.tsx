import type { FleetRow } from '../../contract.ts';
import { identityOf, isStale } from '../telemetry.ts';
import { LastHeardCell, PowerCell, StatusCell } from './cells.tsx';
import classes from './device-card.module.css';

interface DeviceCardProps {
	readonly row: FleetRow;
}

/** A device on a phone: what matters most. */
export function DeviceCard({ row }: DeviceCardProps) {
	return (
		<span className={classes.card} data-stale={isStale(row) || undefined}>
			<span className={classes.identity}>{identityOf(row)}</span>
			<span className={classes.status}>
				<StatusCell row={row} />
			</span>
			<span className={classes.place}>
				{[row.model, row.customerCity].filter((part) => part !== null).join(' · ')}
			</span>
			<span className={classes.power}>
				<PowerCell row={row} />
			</span>
			<span className={classes.lastHeard}>
				<LastHeardCell row={row} />
			</span>
		</span>
	);
}

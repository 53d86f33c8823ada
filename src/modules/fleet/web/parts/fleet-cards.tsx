import { UnstyledButton } from '@mantine/core';
import type { FleetRow } from '../../contract.ts';
import { identityOf, isStale } from '../telemetry.ts';
import { text } from '../text.ts';
import { LastHeardCell, PowerCell, StatusCell } from './cells.tsx';
import classes from './fleet-cards.module.css';

interface FleetCardsProps {
	readonly rows: readonly FleetRow[];
	readonly openId: string | null;
	readonly onOpen: (row: FleetRow) => void;
}

/** The devices on a phone: what matters most of each, one below the other. */
export function FleetCards({ rows, openId, onOpen }: FleetCardsProps) {
	return (
		<ul className={classes.cards} aria-label={text('table')}>
			{rows.map((row) => (
				<li key={row.deviceNo} data-device-id={row.deviceId}>
					<UnstyledButton
						className={classes.card}
						data-stale={isStale(row) || undefined}
						aria-current={row.deviceId === openId ? 'true' : undefined}
						onClick={() => onOpen(row)}
					>
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
					</UnstyledButton>
				</li>
			))}
		</ul>
	);
}

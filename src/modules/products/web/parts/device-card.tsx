import { deviceFamilyLabels } from '#contract/family.ts';
import type { RegisteredDeviceRow } from '../../contract.ts';
import { text } from '../text.ts';
import { KeyCell, LastHeardCell, StateCell } from './cells.tsx';
import classes from './device-card.module.css';

interface DeviceCardProps {
	readonly row: RegisteredDeviceRow;
}

/** A registered device on a phone: what matters most. */
export function DeviceCard({ row }: DeviceCardProps) {
	const line = [deviceFamilyLabels[row.family], row.vin ?? row.name, row.customerName];
	return (
		<span className={classes.card}>
			<span className={classes.identity}>{row.deviceId}</span>
			<StateCell row={row} />
			<span className={classes.dim}>{line.filter((part) => part !== null).join(' · ')}</span>
			<span className={classes.dim}>{row.telematicsId}</span>
			<span className={classes.whole}>
				<span>{text('lastHeard')}</span>
				<LastHeardCell row={row} />
			</span>
			<span className={classes.whole}>
				<span>{text('key')}</span>
				<KeyCell row={row} />
			</span>
		</span>
	);
}

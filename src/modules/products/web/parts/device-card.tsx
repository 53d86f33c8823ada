import { deviceFamilyLabels } from '#contract/family.ts';
import { CardDim, CardLine, RowCard } from '#web/ui/row-card.tsx';
import type { RegisteredDeviceRow } from '../../contract.ts';
import { text } from '../text.ts';
import { KeyCell, LastHeardCell, StateCell } from './cells.tsx';

interface DeviceCardProps {
	readonly row: RegisteredDeviceRow;
}

/** A registered device on a phone: what matters most. */
export function DeviceCard({ row }: DeviceCardProps) {
	const line = [deviceFamilyLabels[row.family], row.vin ?? row.name, row.customerName];
	return (
		<RowCard name={row.deviceId} state={<StateCell row={row} />}>
			<CardDim>{line.filter((part) => part !== null).join(' · ')}</CardDim>
			<CardDim>{row.telematicsId}</CardDim>
			<CardLine>
				<span>{text('lastHeard')}</span>
				<LastHeardCell row={row} />
			</CardLine>
			<CardLine>
				<span>{text('key')}</span>
				<KeyCell row={row} />
			</CardLine>
		</RowCard>
	);
}

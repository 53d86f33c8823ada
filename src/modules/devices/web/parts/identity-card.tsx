import { deviceFamilyLabels, transportLabels } from '#contract/family.ts';
import { Card } from '#web/ui/card.tsx';
import { Data } from '#web/ui/data.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import type { DeviceDetails } from '../../contract.ts';
import { text } from '../text.ts';

interface IdentityCardProps {
	readonly device: DeviceDetails;
}

/** What the device is, what it is fitted to, and to whom it belongs. */
export function IdentityCard({ device }: IdentityCardProps) {
	return (
		<Card title={text('identity')}>
			<FactList>
				<Fact label={text('deviceId')}>
					<Data value={device.deviceId} />
				</Fact>
				<Fact label={text('vin')}>
					<Data value={device.vin} />
				</Fact>
				{device.name === null ? null : <Fact label={text('name')}>{device.name}</Fact>}
				<Fact label={text('telematicsId')}>
					<Data value={device.telematicsId} />
				</Fact>
				<Fact label={text('bmsId')}>
					<Data value={device.bmsId} />
				</Fact>
				<Fact label={text('motorId')}>
					<Data value={device.motorId} />
				</Fact>
				<Fact label={text('family')}>{deviceFamilyLabels[device.family]}</Fact>
				<Fact label={text('model')}>{device.model ?? text('none')}</Fact>
				<Fact label={text('registration')}>
					<Data value={device.registrationNo} />
				</Fact>
				<Fact label={text('customer')}>{device.customerName ?? text('none')}</Fact>
				<Fact label={text('dealer')}>{device.dealerName ?? text('none')}</Fact>
				<Fact label={text('place')}>{device.place ?? text('none')}</Fact>
				<Fact label={text('communication')}>
					{device.transport === null ? text('none') : transportLabels[device.transport]}
				</Fact>
			</FactList>
		</Card>
	);
}

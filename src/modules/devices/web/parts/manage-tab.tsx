import { Skeleton } from '@mantine/core';
import { Suspense } from 'react';
import type { DeviceSection } from '#web/device-offer.ts';
import { useDeviceOffers } from '#web/device-offers.tsx';
import { Card } from '#web/ui/card.tsx';
import type { DeviceDetails } from '../../contract.ts';
import type { DeviceAddress } from '../device-address.ts';
import { identityOf, wordOf } from '../device-facts.ts';
import type { ChangeDeviceAddress } from '../use-device-address.ts';
import { FactsCard } from './facts-card.tsx';
import { HealthCard } from './health-card.tsx';
import { HistoryCard } from './history-card.tsx';
import { IdentityCard } from './identity-card.tsx';
import { LiveValues } from './live-values.tsx';
import classes from './manage-tab.module.css';
import { PositionCard } from './position-card.tsx';
import { SensorsCard } from './sensors-card.tsx';

interface ManageTabProps {
	readonly device: DeviceDetails;
	readonly address: DeviceAddress;
	readonly onChange: ChangeDeviceAddress;
}

/** Everything about the device now and lately. */
export function ManageTab({ device, address, onChange }: ManageTabProps) {
	const { sections } = useDeviceOffers(device.family);
	return (
		<div className={classes.columns}>
			<div className={classes.column}>
				<LiveValues device={device} />
				<HistoryCard device={device} address={address} onChange={onChange} />
				<Sections sections={sections.filter(({ isSmall }) => !isSmall)} device={device} />
				<FactsCard device={device} />
			</div>
			<div className={classes.column}>
				<HealthCard device={device} />
				<Sections sections={sections.filter(({ isSmall }) => isSmall)} device={device} />
				<PositionCard device={device} />
				<IdentityCard device={device} />
				<SensorsCard device={device} />
			</div>
		</div>
	);
}

interface SectionsProps {
	readonly sections: readonly DeviceSection[];
	readonly device: DeviceDetails;
}

/** What modules add. */
function Sections({ sections, device }: SectionsProps) {
	return sections.map(({ key, title, component: Section }) => (
		<Card key={key} title={title}>
			<Suspense fallback={<Skeleton height={120} />}>
				<Section device={identityOf(device)} word={wordOf(device)} />
			</Suspense>
		</Card>
	));
}

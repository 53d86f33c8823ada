import { familySettings } from '#contract/device-settings.ts';
import { useRegion } from '#web/text/region.tsx';
import { Card } from '#web/ui/card.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { LiveValue } from '#web/ui/live-value.tsx';
import type { DeviceDetails } from '../../contract.ts';
import { text } from '../text.ts';

const maxDecimals = 3;

interface SensorsCardProps {
	readonly device: DeviceDetails;
}

/** What else the device says, by its own names; nothing when it says nothing else. */
export function SensorsCard({ device }: SensorsCardProps) {
	const region = useRegion();
	// Settings have a card of their own.
	const settings: readonly string[] = familySettings[device.family];
	const sensors = Object.entries(device.state.sensors)
		.filter(([name]) => !settings.includes(name))
		.sort(([a], [b]) => a.localeCompare(b));
	if (sensors.length === 0) return null;
	return (
		<Card title={text('sensors')}>
			<FactList>
				{sensors.map(([name, value]) => (
					<Fact key={name} label={name}>
						<LiveValue value={value}>
							{typeof value === 'number' ? region.number(value, maxDecimals) : String(value)}
						</LiveValue>
					</Fact>
				))}
			</FactList>
		</Card>
	);
}

import { IconAntennaOff } from '@tabler/icons-react';
import type { FieldName } from '#contract/device-reading.ts';
import { readingFields } from '#contract/device-reading.ts';
import { liveIntervals } from '#contract/status.ts';
import { useRegion } from '#web/text/region.tsx';
import { Age } from '#web/ui/age.tsx';
import { Card } from '#web/ui/card.tsx';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { Tile, Tiles } from '#web/ui/tile.tsx';
import type { DeviceDetails } from '../../contract.ts';
import { isStale } from '../device-facts.ts';
import { familyTiles, fieldFacts, unusualFields, valueText } from '../fields.ts';
import { groupAtMs } from '../live-history.ts';
import { text } from '../text.ts';
import classes from './live-values.module.css';

interface DeviceProps {
	readonly device: DeviceDetails;
}

/** The values of the device's family, large; when it is silent, said so and dimmed. */
export function LiveValues({ device }: DeviceProps) {
	const region = useRegion();
	const { state } = device;
	if (state.newestAtMs === null) {
		return (
			<Card title={text('liveValues')}>
				<MessagePanel
					icon={IconAntennaOff}
					title={text('neverHeardTitle')}
					detail={text('neverHeardDetail')}
				/>
			</Card>
		);
	}
	const stale = isStale(device);
	const heard = state.lastHeardAtMs ?? state.newestAtMs;
	const names = [...familyTiles[device.family], ...unusualFields(device.family, state.values)];
	return (
		<Card
			title={text('liveValues')}
			aside={
				stale ? (
					<span className={classes.note}>
						{text('staleValues', { instant: region.instant(heard) })}
					</span>
				) : null
			}
		>
			<Tiles fill isStale={stale}>
				{names.map((name) => (
					<ValueTile key={name} name={name} device={device} />
				))}
			</Tiles>
		</Card>
	);
}

interface ValueTileProps extends DeviceProps {
	readonly name: FieldName;
}

function ValueTile({ name, device }: ValueTileProps) {
	const region = useRegion();
	const { label, unit } = fieldFacts[name];
	const isUnknowable = name === 'speed_kmh' && isStale(device);
	const written = isUnknowable ? null : valueText(name, device.state.values[name], region);
	const olderAtMs = written === null ? null : olderThanTheRest(name, device);
	return (
		<Tile
			label={label}
			value={written}
			unit={unit === '' ? undefined : unit}
			note={olderAtMs === null ? undefined : <Age atMs={olderAtMs} />}
		/>
	);
}

/** When a value was said, if the device has gone on speaking of other things for longer than it may be silent. */
function olderThanTheRest(name: FieldName, device: DeviceDetails): number | null {
	const { state, reportingIntervalSeconds } = device;
	const atMs = groupAtMs(state, readingFields[name].group);
	const allowedMs = liveIntervals * reportingIntervalSeconds * 1000;
	return atMs !== null && (state.newestAtMs ?? atMs) - atMs > allowedMs ? atMs : null;
}

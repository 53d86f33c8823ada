import { Button } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { mapPath, paths } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { useRegion } from '#web/text/region.tsx';
import { Age } from '#web/ui/age.tsx';
import { Card } from '#web/ui/card.tsx';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { Data } from '#web/ui/data.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import type { DeviceDetails } from '../../contract.ts';
import { fieldFacts, valueText } from '../fields.ts';
import { text } from '../text.ts';
import classes from './position-card.module.css';

/** Degrees to five decimals, about a metre. */
const decimals = 5;

interface PositionCardProps {
	readonly device: DeviceDetails;
}

/** Where the device is, by its own last word. */
export function PositionCard({ device }: PositionCardProps) {
	const region = useRegion();
	const mayFollow = useMayOpen(paths.map);
	const { values, positionAtMs } = device.state;
	const { lat, lon } = values;
	if (typeof lat !== 'number' || typeof lon !== 'number') {
		return (
			<Card title={text('position')}>
				<p className={classes.none}>{text('noPosition')}</p>
			</Card>
		);
	}
	const coordinates = `${lat.toFixed(decimals)}, ${lon.toFixed(decimals)}`;
	const others = (['heading_deg', 'altitude_m', 'satellites'] as const).filter(
		(name) => values[name] !== undefined,
	);
	return (
		<Card
			title={text('position')}
			aside={
				mayFollow ? (
					<Button
						size="compact-sm"
						variant="default"
						component={Link}
						to={mapPath(device.deviceId)}
						leftSection={<IconMapPin size={14} stroke={1.7} aria-hidden />}
					>
						{text('showOnMap')}
					</Button>
				) : null
			}
		>
			<FactList>
				<Fact label={text('coordinates')}>
					<span className={classes.coordinates}>
						<Data value={coordinates} />
						<CopyButton value={coordinates} what={text('copyCoordinates')} />
					</span>
				</Fact>
				{positionAtMs === null ? null : (
					<Fact label={text('at')}>
						<Data value={region.instant(positionAtMs)} />{' '}
						<span className={classes.age}>
							<Age atMs={positionAtMs} />
						</span>
					</Fact>
				)}
				{others.map((name) => (
					<Fact key={name} label={fieldFacts[name].label}>
						<Data
							value={[valueText(name, values[name], region), fieldFacts[name].unit]
								.join(' ')
								.trim()}
						/>
					</Fact>
				))}
			</FactList>
		</Card>
	);
}

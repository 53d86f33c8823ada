import { Button } from '@mantine/core';
import { IconHistory, IconMap2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { countryName } from '#contract/country.ts';
import { auditPath, mapLocationPath, paths } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { Count } from '#web/ui/count.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import type { LocationRow } from '../../contract.ts';
import { text } from '../text.ts';
import { coordinatesText } from './cells.tsx';
import { LocationMap } from './location-map.tsx';
import classes from './location-panel.module.css';

interface LocationProps {
	readonly row: LocationRow;
}

/** Below a location's name: the ways to what counts there and to who changed it. */
export function LocationSummary({ row }: LocationProps) {
	const mayOpenMap = useMayOpen(paths.map);
	const mayOpenAudit = useMayOpen(paths.audit);
	return (
		<div className={classes.links}>
			{mayOpenMap ? (
				<Button
					component={Link}
					to={mapLocationPath(row.locationNo)}
					leftSection={<IconMap2 size={16} stroke={1.8} aria-hidden />}
				>
					{text('showOnMap')}
				</Button>
			) : null}
			{mayOpenAudit ? (
				<Button
					component={Link}
					variant="default"
					to={auditPath(`location-${row.locationNo}`)}
					leftSection={<IconHistory size={16} stroke={1.8} aria-hidden />}
				>
					{text('changes')}
				</Button>
			) : null}
		</div>
	);
}

/** Where a location is, and what counts there. */
export function LocationPanel({ row }: LocationProps) {
	const coordinates = coordinatesText(row);
	return (
		<div className={classes.panel}>
			<LocationMap position={row} city={row.city} />
			<FactList>
				<Fact label={text('devicesHere')}>
					<Count value={row.devices} />
				</Fact>
				<Fact label={text('customersHere')}>
					<Count value={row.customers} />
				</Fact>
				<Fact label={text('district')}>{row.district}</Fact>
				<Fact label={text('state')}>{row.state}</Fact>
				<Fact label={text('country')}>{countryName(row.country)}</Fact>
				<Fact label={text('zone')}>{row.zone ?? text('none')}</Fact>
				<Fact label={text('coordinates')}>
					<span className={classes.coordinates}>
						<bdi dir="ltr">{coordinates}</bdi>
						<CopyButton value={coordinates} what={text('theCoordinates')} />
					</span>
				</Fact>
			</FactList>
		</div>
	);
}

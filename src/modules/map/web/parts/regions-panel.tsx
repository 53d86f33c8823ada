import { Button, Skeleton, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { fleetReaders } from '#contract/roles.ts';
import { paths } from '#web/links.ts';
import { useSession } from '#web/session/session.ts';
import { useRegion } from '#web/text/region.tsx';
import { SearchBox } from '#web/ui/search-box.tsx';
import type { FoundDevice, MapCity } from '../../contract.ts';
import type { MapAddress } from '../map-address.ts';
import { regionsQuery, searchQuery } from '../queries.ts';
import { branchesOf, fits, type Region, sumOf } from '../regions.ts';
import { text } from '../text.ts';
import type { ChangeMap } from '../use-map-address.ts';
import { LiveLine } from './live-line.tsx';
import { MapFilters } from './map-filters.tsx';
import { Counts, RegionTree } from './region-tree.tsx';
import classes from './regions-panel.module.css';

interface RegionsPanelProps {
	readonly address: MapAddress;
	readonly onChange: ChangeMap;
	readonly onRegion: (region: Region) => void;
	readonly onCity: (city: MapCity) => void;
	readonly onDevice: (device: FoundDevice) => void;
	/** The fleet comes first: to count regions is work for the server. */
	readonly isCounted: boolean;
	readonly withoutPosition: number;
	readonly perSecond: number;
	/** Further buttons beside the search. */
	readonly children?: ReactNode;
}

/** Where the fleet is, by region and city; finds vehicles by VIN; narrows the map. */
export function RegionsPanel({
	address,
	onChange,
	onRegion,
	onCity,
	onDevice,
	isCounted,
	withoutPosition,
	perSecond,
	children,
}: RegionsPanelProps) {
	const [q, setQ] = useState('');
	const region = useRegion();
	const { role } = useSession();
	const regions = useQuery({
		...regionsQuery(address.customer ?? undefined),
		enabled: isCounted,
	});
	const found = useQuery(searchQuery(q));
	const devices = q === '' ? [] : (found.data?.devices ?? []);
	const branches = regions.data === undefined ? [] : branchesOf(regions.data);
	const shown = branches.flatMap((branch) => branch.regions).filter((each) => fits(each, q));
	const elsewhere = regions.data?.elsewhere;
	return (
		<div className={classes.panel}>
			<div className={classes.top}>
				<SearchBox
					className={classes.search}
					value={q}
					onSearch={setQ}
					label={text('searchName')}
					placeholder={text('search')}
					clearLabel={text('clearSearch')}
				/>
				<MapFilters address={address} onChange={onChange} branches={branches} />
				{children}
			</div>
			<div className={classes.scroll}>
				{devices.length > 0 ? (
					<section aria-label={text('vehicles')}>
						<h3 className={classes.heading}>{text('vehicles')}</h3>
						{devices.map((device) => (
							<FoundEntry key={device.deviceNo} device={device} onDevice={onDevice} />
						))}
					</section>
				) : null}
				{shown.length === 0 ? null : (
					<div className={classes.heading}>
						<span>
							{shown.length === 1
								? text('oneRegion')
								: text('regionCount', { count: region.number(shown.length) })}
						</span>
						<span>{text('columns')}</span>
					</div>
				)}
				{regions.data === undefined && regions.error === null ? <Waiting /> : null}
				{regions.data === undefined && regions.error !== null ? (
					<div className={classes.note} role="alert">
						{text('regionsFailed')} {regions.error.message}
						<Button size="compact-sm" variant="default" onClick={() => void regions.refetch()}>
							{text('retry')}
						</Button>
					</div>
				) : null}
				{regions.data !== undefined && q === '' && shown.length === 0 ? (
					<p className={classes.note}>{text('noRegions')}</p>
				) : null}
				<RegionTree branches={branches} wanted={q} onRegion={onRegion} onCity={onCity} />
				{q === '' && elsewhere !== undefined && sumOf([elsewhere]) > 0 ? (
					<div className={classes.elsewhere}>
						<span>{text('elsewhere')}</span>
						<Counts of={[{ counts: elsewhere }]} />
					</div>
				) : null}
				{q !== '' && shown.length + devices.length === 0 && !found.isFetching ? (
					<p className={classes.note}>{text('noMatch', { search: q })}</p>
				) : null}
			</div>
			<div className={classes.foot}>
				<LiveLine perSecond={perSecond} />
				<span className={classes.footRow}>
					{withoutPosition > 0 ? (
						<span>{text('withoutPosition', { count: region.number(withoutPosition) })}</span>
					) : (
						<span />
					)}
					{fleetReaders.includes(role) ? (
						<Link
							to={paths.console}
							search={address.status.length > 0 ? { status: address.status.join(',') } : {}}
							className={classes.list}
						>
							{text('asList')}
						</Link>
					) : null}
				</span>
			</div>
		</div>
	);
}

interface FoundEntryProps {
	readonly device: FoundDevice;
	readonly onDevice: (device: FoundDevice) => void;
}

function FoundEntry({ device, onDevice }: FoundEntryProps) {
	return (
		<UnstyledButton className={classes.found} onClick={() => onDevice(device)}>
			<span className={classes.id}>{device.vin ?? device.name ?? device.deviceId}</span>
			<span className={classes.of}>
				{device.lat === null ? text('noPosition') : (device.customerName ?? device.deviceId)}
			</span>
		</UnstyledButton>
	);
}

function Waiting() {
	return (
		<div className={classes.note} aria-busy="true">
			{[150, 120, 170, 130, 110, 140].map((width) => (
				<Skeleton key={width} height={12} width={width} my={10} />
			))}
		</div>
	);
}

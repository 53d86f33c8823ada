import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useRegion } from '#web/text/region.tsx';
import type { MapCity } from '../../contract.ts';
import { type Branch, fits, needAttention, type Region, sumOf } from '../regions.ts';
import { text } from '../text.ts';
import classes from './region-tree.module.css';

interface RegionTreeProps {
	readonly branches: readonly Branch[];
	/** Text that names have to contain; what fits is open. */
	readonly wanted: string;
	readonly onRegion: (region: Region) => void;
	readonly onCity: (city: MapCity) => void;
}

/** Regions with their cities, by country when there are several. */
export function RegionTree({ branches, wanted, onRegion, onCity }: RegionTreeProps) {
	return branches.map(({ country, name, regions }) => {
		const shown = regions.filter((region) => fits(region, wanted));
		if (shown.length === 0) return null;
		return (
			<section key={country} aria-label={name}>
				{branches.length > 1 ? <h3 className={classes.country}>{name}</h3> : null}
				<ul className={classes.list}>
					{shown.map((region) => (
						<RegionEntry
							key={region.state}
							region={region}
							wanted={wanted}
							onRegion={onRegion}
							onCity={onCity}
						/>
					))}
				</ul>
			</section>
		);
	});
}

interface RegionEntryProps extends Omit<RegionTreeProps, 'branches'> {
	readonly region: Region;
}

function RegionEntry({ region, wanted, onRegion, onCity }: RegionEntryProps) {
	const [isUnfolded, setIsUnfolded] = useState(false);
	const isOpen = isUnfolded || wanted !== '';
	const FoldIcon = isOpen ? IconChevronDown : IconChevronRight;
	return (
		<li>
			<div className={classes.row}>
				<UnstyledButton
					className={classes.fold}
					aria-expanded={isOpen}
					aria-label={text('showCities', { state: region.state })}
					onClick={() => setIsUnfolded(!isOpen)}
				>
					<FoldIcon size={16} stroke={2} aria-hidden />
				</UnstyledButton>
				<UnstyledButton className={classes.place} onClick={() => onRegion(region)}>
					<span className={classes.region}>{region.state}</span>
					<Counts of={region.cities} />
				</UnstyledButton>
			</div>
			{isOpen ? (
				<ul className={classes.list}>
					{region.cities
						.filter((city) => fits({ state: region.state, cities: [city] }, wanted))
						.map((city) => (
							<li key={city.locationNo} className={classes.row} data-city>
								<UnstyledButton className={classes.place} onClick={() => onCity(city)}>
									<span className={classes.city}>{city.city}</span>
									<Counts of={[city]} />
								</UnstyledButton>
							</li>
						))}
				</ul>
			) : null}
		</li>
	);
}

/** How many devices, and how many of them need attention. */
export function Counts({ of }: { readonly of: readonly Pick<MapCity, 'counts'>[] }) {
	const region = useRegion();
	const counts = of.map((each) => each.counts);
	const attention = needAttention(counts);
	return (
		<>
			<span className={classes.count}>{region.number(sumOf(counts))}</span>
			<span className={classes.attention}>
				{attention === 0 ? null : (
					<span role="img" aria-label={text('needAttention', { count: region.number(attention) })}>
						{region.number(attention)}
					</span>
				)}
			</span>
		</>
	);
}

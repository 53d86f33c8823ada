import { countryName } from '#contract/country.ts';
import { useRegion } from '#web/text/region.tsx';
import type { LocationRow } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './location-card.module.css';

interface LocationCardProps {
	readonly row: LocationRow;
}

/** A location on a phone: where it is and how much counts there. */
export function LocationCard({ row }: LocationCardProps) {
	const region = useRegion();
	const counts = [
		[text('devices'), row.devices],
		[text('customers'), row.customers],
	] as const;
	const where = [row.district, row.state, countryName(row.country), row.zone];
	return (
		<span className={classes.card}>
			<span className={classes.city}>{row.city}</span>
			<span className={classes.counts}>
				{counts.map(([label, count]) => (
					<span key={label}>
						{label} <strong>{region.number(count)}</strong>
					</span>
				))}
			</span>
			<span className={classes.where}>{where.filter((part) => part !== null).join(' · ')}</span>
		</span>
	);
}

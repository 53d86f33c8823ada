import { useRegion } from '#web/text/region.tsx';
import { Count } from '#web/ui/count.tsx';
import { text } from '../text.ts';
import classes from './owner-card.module.css';

interface OwnerCardProps {
	readonly row: { readonly name: string; readonly devices: number };
	/** What stands below the name, and how it is reached; null where there is nothing. */
	readonly line: readonly (string | null)[];
	readonly contact: readonly (string | null)[];
	readonly users: number | null;
}

/** A customer or dealer on a phone: what matters most. */
export function OwnerCard({ row, line, contact, users }: OwnerCardProps) {
	const region = useRegion();
	const joined = (parts: readonly (string | null)[]) =>
		parts.filter((part) => part !== null).join(' · ');
	return (
		<span className={classes.card}>
			<bdi className={classes.name}>{row.name}</bdi>
			<span className={classes.count}>
				{text('devices')} {region.number(row.devices)}
			</span>
			<bdi className={classes.dim}>{joined(line)}</bdi>
			<span className={classes.count}>
				{text('users')} <Count value={users} />
			</span>
			<bdi className={classes.whole}>{joined(contact)}</bdi>
		</span>
	);
}

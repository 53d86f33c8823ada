import { useRegion } from '#web/text/region.tsx';
import type { ParkedRow } from '../../contract.ts';
import { reasonText } from '../reason-words.ts';
import { text } from '../text.ts';
import classes from './parked-card.module.css';

interface ParkedCardProps {
	readonly row: ParkedRow;
}

/** A parked message on a phone. */
export function ParkedCard({ row }: ParkedCardProps) {
	const region = useRegion();
	return (
		<span className={classes.card}>
			<span className={classes.device}>{row.deviceId}</span>
			<span className={classes.reason}>{reasonText(row.reason)}</span>
			<span>{region.instant(row.receivedAtMs)}</span>
			<span>{text('bytes', { count: region.number(row.sizeBytes) })}</span>
		</span>
	);
}

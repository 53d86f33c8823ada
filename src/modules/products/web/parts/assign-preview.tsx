import { useRegion } from '#web/text/region.tsx';
import type { RegisteredDeviceRow } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './assign-preview.module.css';
import { movesOf, type Wanted } from './assigning.ts';

/** Devices that are named one by one. */
const mostNamed = 5;

interface AssignPreviewProps {
	readonly devices: readonly RegisteredDeviceRow[];
	readonly wanted: Wanted;
}

/** Which devices change hands and from whom to whom, before anything is done. */
export function AssignPreview({ devices, wanted }: AssignPreviewProps) {
	const region = useRegion();
	const moves = movesOf(devices, wanted);
	const unchanged = devices.length - moves.length;
	const named = (names: readonly (string | null)[]) =>
		names.filter((name) => name !== null).join(' · ') || text('nobody');
	return (
		<>
			<p>{text('assignWhat', { count: region.number(moves.length) })}</p>
			<ul className={classes.moves}>
				{moves.slice(0, mostNamed).map(({ deviceId, before, after }) => (
					<li key={deviceId}>
						<bdi className={classes.device}>{deviceId}</bdi>
						<span className={classes.dim}>
							{text('fromTo', { from: named(before), to: named(after) })}
						</span>
					</li>
				))}
			</ul>
			{moves.length > mostNamed ? (
				<p>{text('andMore', { count: region.number(moves.length - mostNamed) })}</p>
			) : null}
			{unchanged > 0 ? <p>{text('alreadySo', { count: region.number(unchanged) })}</p> : null}
		</>
	);
}

import { useRegion } from '#web/text/region.tsx';
import { Age } from '#web/ui/age.tsx';
import { Data } from '#web/ui/data.tsx';
import type { RegisteredDeviceRow } from '../../contract.ts';
import { text } from '../text.ts';
import classes from './cells.module.css';

interface CellProps {
	readonly row: RegisteredDeviceRow;
}

/** When the device was last heard, in the organization's time zone, and how long ago that is. */
export function LastHeardCell({ row: { lastHeardAtMs } }: CellProps) {
	const region = useRegion();
	if (lastHeardAtMs === null) return <>{text('never')}</>;
	return (
		<span className={classes.lastHeard}>
			<Data value={region.instant(lastHeardAtMs)} />
			<span className={classes.age}>
				<Age atMs={lastHeardAtMs} />
			</span>
		</span>
	);
}

/** Whether the device's own clock can be believed, once it was heard. */
export function ClockCell({ row: { lastHeardAtMs, clockWrong } }: CellProps) {
	if (lastHeardAtMs === null) return <>{text('none')}</>;
	if (!clockWrong) return <>{text('clockOk')}</>;
	return <span className={classes.wrong}>{text('clockWrong')}</span>;
}

export function KeyCell({ row: { keyState, oldKeyValidUntilMs } }: CellProps) {
	const region = useRegion();
	if (keyState === 'none') return <>{text('keyNone')}</>;
	if (keyState === 'set') return <>{text('keySet')}</>;
	if (oldKeyValidUntilMs === null) return <>{text('keyRenewed')}</>;
	return <>{text('keyOldUntil', { until: region.instant(oldKeyValidUntilMs) })}</>;
}

export function StateCell({ row: { retiredAtMs } }: CellProps) {
	if (retiredAtMs === null) return <>{text('inService')}</>;
	return <span className={classes.retired}>{text('retired')}</span>;
}

import { Title } from '@mantine/core';
import { deviceFamilyLabels } from '#contract/family.ts';
import { Age } from '#web/ui/age.tsx';
import { CopyButton } from '#web/ui/copy-button.tsx';
import { StatusBadge } from '#web/ui/status-badge.tsx';
import type { FleetRow } from '../../contract.ts';
import { identityOf, isEngine } from '../telemetry.ts';
import { text } from '../text.ts';
import classes from './device-heading.module.css';

interface DeviceProps {
	readonly row: FleetRow;
}

/** Which device this is, what it does, and when it was last heard. */
export function DeviceHeading({ row }: DeviceProps) {
	return (
		<div className={classes.heading}>
			<div className={classes.identity}>
				<Title order={2} className={classes.name}>
					{identityOf(row)}
				</Title>
				<CopyButton value={identityOf(row)} what={text(row.vin === null ? 'name' : 'vin')} />
			</div>
			<DeviceSummary row={row} />
		</div>
	);
}

/** The same without the name, where that is a title already. */
export function DeviceSummary({ row }: DeviceProps) {
	const family = isEngine(row) ? deviceFamilyLabels[row.family] : null;
	const line = [row.model ?? family, row.registrationNo].filter((part) => part !== null);
	return (
		<>
			{line.length > 0 ? <p className={classes.line}>{line.join(' · ')}</p> : null}
			<div className={classes.status}>
				<StatusBadge status={row.status} family={row.family} />
				<span className={classes.age}>
					{row.lastHeardAtMs === null ? text('never') : <Age atMs={row.lastHeardAtMs} />}
				</span>
			</div>
		</>
	);
}

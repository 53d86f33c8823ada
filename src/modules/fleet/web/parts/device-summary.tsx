import { Button } from '@mantine/core';
import { IconArrowRight, IconMapPin } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { deviceFamilyLabels } from '#contract/family.ts';
import { devicePath, mapPath, paths } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { Age } from '#web/ui/age.tsx';
import { StatusBadge } from '#web/ui/status-badge.tsx';
import type { FleetRow } from '../../contract.ts';
import { isEngine } from '../telemetry.ts';
import { text } from '../text.ts';
import classes from './device-summary.module.css';

interface DeviceSummaryProps {
	readonly row: FleetRow;
}

/** Below a device's name: what it is, what it does, when it was last heard, and the way to its page. */
export function DeviceSummary({ row }: DeviceSummaryProps) {
	const mayManage = useMayOpen(paths.device);
	const mayFollow = useMayOpen(paths.map) && row.lat !== null;
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
			<div className={classes.ways}>
				{mayManage ? (
					<Button
						component={Link}
						to={devicePath(row.deviceId)}
						rightSection={<IconArrowRight size={16} stroke={1.8} />}
					>
						{text('manage')}
					</Button>
				) : null}
				{mayFollow ? (
					<Button
						variant="default"
						component={Link}
						to={mapPath(row.deviceId)}
						leftSection={<IconMapPin size={16} stroke={1.7} />}
					>
						{text('showOnMap')}
					</Button>
				) : null}
			</div>
		</>
	);
}

import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { deviceFamilyLabels } from '#contract/family.ts';
import { devicePath, paths } from '#web/links.ts';
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
			{mayManage ? (
				<Button
					className={classes.manage}
					component={Link}
					to={devicePath(row.deviceId)}
					rightSection={<IconArrowRight size={16} stroke={1.8} />}
				>
					{text('manage')}
				</Button>
			) : null}
		</>
	);
}

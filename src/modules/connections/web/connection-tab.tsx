import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { DeviceIdentity } from '#web/device-offer.ts';
import { LoadFault } from '#web/ui/load-fault.tsx';
import classes from './connection-tab.module.css';
import { ConnectionNow } from './parts/connection-now.tsx';
import { HistoryTable } from './parts/history-table.tsx';
import { LiveTail } from './parts/live-tail.tsx';
import { connectionsQuery } from './queries.ts';

interface ConnectionTabProps {
	readonly device: DeviceIdentity;
}

/** How a device is connected, what it says word for word, and how it was connected before. */
export default function ConnectionTab({ device: { deviceId, deviceNo } }: ConnectionTabProps) {
	const { data, error, refetch } = useQuery(connectionsQuery(deviceId));
	return (
		<div className={classes.tab}>
			{data === undefined && error !== null ? (
				<LoadFault error={error} onRetry={() => void refetch()} />
			) : null}
			{data === undefined && error === null ? <Skeleton height={220} /> : null}
			{data === undefined ? null : <ConnectionNow deviceId={deviceId} state={data} />}
			<LiveTail deviceNo={deviceNo} />
			{data === undefined ? null : <HistoryTable connections={data.connections} />}
		</div>
	);
}

import { Skeleton, Switch } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconChartLine } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useRegion } from '#web/text/region.tsx';
import { Card } from '#web/ui/card.tsx';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import type { DeviceDetails } from '../../contract.ts';
import { type DeviceAddress, minRangeMs } from '../device-address.ts';
import { defaultFields, drawableFields } from '../fields.ts';
import { extendHistory } from '../live-history.ts';
import { historyQuery } from '../queries.ts';
import { drawnFromMs } from '../series-line.ts';
import { text } from '../text.ts';
import type { ChangeDeviceAddress } from '../use-device-address.ts';
import { Chart } from './chart.tsx';
import classes from './history-card.module.css';
import { HistoryToolbar } from './history-toolbar.tsx';
import { ReadingFault } from './reading-fault.tsx';
import { SeriesTable } from './series-table.tsx';

/** Width for which values are asked, in steps, so that a few pixels more are not another question. */
const pointsStep = 200;
const maxPoints = 1_600;

interface HistoryCardProps {
	readonly device: DeviceDetails;
	readonly address: DeviceAddress;
	readonly onChange: ChangeDeviceAddress;
}

/** Chosen values over a chosen time, as charts or as a table; up to now they grow while the device reports. */
export function HistoryCard({ device, address, onChange }: HistoryCardProps) {
	const region = useRegion();
	const [isTable, setIsTable] = useState(false);
	const { ref, width } = useElementSize();
	const drawable = drawableFields(device.state);
	const fields = (address.fields ?? defaultFields(device.family, drawable)).filter((field) =>
		drawable.includes(field),
	);
	const points = Math.min(
		maxPoints,
		Math.max(pointsStep, Math.ceil(width / pointsStep) * pointsStep),
	);
	const query = historyQuery(device.deviceId, address, fields, points);
	const {
		data: history,
		error,
		refetch,
	} = useQuery({
		...query,
		enabled: width > 0 && fields.length > 0,
	});
	useGrowth(device, query, address.range === null);
	// A young device has minutes; an hour of nothing in front of them would hide them.
	const drawnFrom =
		history && address.range === null
			? drawnFromMs(history.series, history.fromMs, history.toMs)
			: history?.fromMs;

	if (drawable.length === 0) {
		return (
			<Card title={text('history')}>
				<MessagePanel
					icon={IconChartLine}
					title={text('noHistoryTitle')}
					detail={text('noHistoryDetail')}
				/>
			</Card>
		);
	}
	return (
		<Card
			title={text('history')}
			aside={
				<Switch
					label={text('asTable')}
					size="xs"
					checked={isTable}
					onChange={(event) => setIsTable(event.currentTarget.checked)}
				/>
			}
		>
			<div ref={ref} className={classes.history}>
				<HistoryToolbar
					address={address}
					shown={history ?? null}
					drawable={drawable}
					fields={fields}
					onChange={onChange}
				/>
				{fields.length === 0 ? (
					<p className={classes.hint}>{text('noFields')}</p>
				) : history === undefined ? (
					error ? (
						<ReadingFault error={error} onRetry={() => void refetch()} />
					) : (
						<Skeleton height={300} />
					)
				) : isTable ? (
					<SeriesTable series={history.series} />
				) : (
					<>
						{history.series.map((line) => (
							<Chart
								key={line.field}
								field={line.field}
								line={line}
								fromMs={drawnFrom ?? history.fromMs}
								toMs={history.toMs}
								syncKey="history"
								onZoom={(fromMs, toMs) => {
									const middleMs = (fromMs + toMs) / 2;
									onChange({
										range: {
											fromMs: Math.floor(Math.min(fromMs, middleMs - minRangeMs / 2)),
											toMs: Math.ceil(Math.max(toMs, middleMs + minRangeMs / 2)),
										},
									});
								}}
							/>
						))}
						<p className={classes.hint}>
							{drawnFrom === history.fromMs
								? null
								: `${text('beginsAt', { instant: region.instant(drawnFrom ?? 0) })} `}
							{text(history.isReduced ? 'reduced' : 'dragHint')}
						</p>
					</>
				)}
			</div>
		</Card>
	);
}

/** Appends to the charts what the device says meanwhile. */
function useGrowth(
	{ state }: DeviceDetails,
	{ queryKey }: ReturnType<typeof historyQuery>,
	isUpToNow: boolean,
): void {
	const queryClient = useQueryClient();
	const key = JSON.stringify(queryKey);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the key is compared by what it holds
	useEffect(() => {
		if (!isUpToNow) return;
		queryClient.setQueryData(queryKey, (history) => history && extendHistory(history, state));
	}, [queryClient, key, state, isUpToNow]);
}

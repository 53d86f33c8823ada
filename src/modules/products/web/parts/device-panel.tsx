import { Button, Skeleton } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { deviceFamilyLabels, transportLabels } from '#contract/family.ts';
import { call } from '#web/api/call.ts';
import { devicePath, paths, rowLink } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { useRegion } from '#web/text/region.tsx';
import { Data } from '#web/ui/data.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { Instant } from '#web/ui/instant.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { listAssignments, type RegisteredDeviceRow } from '../../contract.ts';
import { text } from '../text.ts';
import { ClockCell, KeyCell, LastHeardCell, StateCell } from './cells.tsx';
import classes from './device-panel.module.css';

interface DeviceProps {
	readonly row: RegisteredDeviceRow;
}

/** Below a device's name: whether it is in service, and the ways to where it is watched. */
export function DeviceSummary({ row }: DeviceProps) {
	const mayManage = useMayOpen(paths.device);
	const mayWatch = useMayOpen(paths.console);
	return (
		<>
			<StateCell row={row} />
			{row.retiredAtMs === null ? (
				<div className={classes.links}>
					{mayManage ? (
						<Button
							component={Link}
							to={devicePath(row.deviceId)}
							rightSection={<IconArrowRight size={16} stroke={1.8} />}
						>
							{text('manage')}
						</Button>
					) : null}
					{mayWatch ? (
						<Button component={Link} variant="default" to={rowLink(paths.console, row.deviceId)}>
							{text('console')}
						</Button>
					) : null}
				</div>
			) : null}
		</>
	);
}

/** What a device is, the state of its key, and who had it when. */
export function DevicePanel({ row }: DeviceProps) {
	return (
		<div className={classes.panel}>
			<FactList>
				<Fact label={text('key')}>
					<KeyCell row={row} />
				</Fact>
				<Fact label={text('lastHeard')}>
					<LastHeardCell row={row} />
				</Fact>
				<Fact label={text('clock')}>
					<ClockCell row={row} />
				</Fact>
				<Fact label={text('firmware')}>
					<Data value={row.firmware} />
				</Fact>
				<Fact label={text('telematicsId')}>
					<Data value={row.telematicsId} />
				</Fact>
				<Fact label={text('name')}>{row.name ?? text('none')}</Fact>
				<Fact label={text('family')}>{deviceFamilyLabels[row.family]}</Fact>
				<Fact label={text('transport')}>
					{row.transport === null ? text('none') : transportLabels[row.transport]}
				</Fact>
				<Fact label={text('simNo')}>
					<Data value={row.simNo} />
				</Fact>
				<Fact label={text('interval')}>
					<Data value={text('seconds', { count: row.reportingIntervalSeconds })} />
				</Fact>
				<Fact label={text('osmand')}>{text(row.osmandAllowed ? 'allowed' : 'notAllowed')}</Fact>
				<Fact label={text('created')}>
					<Instant atMs={row.createdAtMs} />
				</Fact>
			</FactList>
			<section>
				<h3 className={classes.heading}>{text('history')}</h3>
				<History row={row} />
			</section>
		</div>
	);
}

function History({ row: { deviceId } }: DeviceProps) {
	const region = useRegion();
	const { data, error } = useQuery({
		queryKey: ['grid', 'devices', 'assignments', deviceId],
		queryFn: ({ signal }) => call(listAssignments, { params: { deviceId } }, signal),
	});
	if (error !== null)
		return <FaultNotice>{text('historyFault', { reason: error.message })}</FaultNotice>;
	if (data === undefined) return <Skeleton height={44} />;
	return (
		<ol className={classes.history}>
			{data.assignments.map(({ fromMs, toMs, vin, customerName, dealerName }) => {
				const whose = [vin, customerName, dealerName].filter((part) => part !== null);
				const until = toMs === null ? text('now') : region.instant(toMs);
				return (
					<li key={fromMs}>
						<div>{whose.length === 0 ? text('belongsToNobody') : whose.join(' · ')}</div>
						<div className={classes.period}>
							<Data value={region.instant(fromMs)} /> {text('until', { until })}
						</div>
					</li>
				);
			})}
		</ol>
	);
}

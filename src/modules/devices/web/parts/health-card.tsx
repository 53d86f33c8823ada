import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { serverNowMs } from '#web/clock/server-clock.ts';
import { useEverySecond } from '#web/clock/use-every-second.ts';
import { useRegion } from '#web/text/region.tsx';
import { Card } from '#web/ui/card.tsx';
import { Data } from '#web/ui/data.tsx';
import { Fact, FactList } from '#web/ui/fact-list.tsx';
import { SignalBars } from '#web/ui/signal-bars.tsx';
import type { DeviceDetails, DeviceHealth } from '../../contract.ts';
import { durationText, isLive } from '../device-facts.ts';
import { valueText } from '../fields.ts';
import { healthQuery } from '../queries.ts';
import { text } from '../text.ts';
import classes from './health-card.module.css';

interface DeviceProps {
	readonly device: DeviceDetails;
}

/** How well the device reports, and what it runs. */
export function HealthCard({ device }: DeviceProps) {
	const region = useRegion();
	const health = useQuery(healthQuery(device.deviceId));
	const { state } = device;
	return (
		<Card title={text('health')} aside={<Liveness device={device} />}>
			<FactList>
				<Fact label={text('lastHeard')}>
					<Data
						value={
							state.lastHeardAtMs === null ? text('never') : region.instant(state.lastHeardAtMs)
						}
					/>
				</Fact>
				<Fact label={text('reportsEvery')}>
					<Data value={durationText(device.reportingIntervalSeconds)} />
				</Fact>
				<Fact label={text('readingsLastHour')}>
					<Data value={health.data ? region.number(health.data.readingsLastHour) : null} />
				</Fact>
				<Fact label={text('lateReadings')}>
					<Data value={health.data ? lateText(health.data, region.number) : null} />
				</Fact>
				<Fact label={text('clock')}>
					<span className={classes.clock} data-wrong={state.clockWrong || undefined}>
						{clockText(device)}
					</span>
				</Fact>
				<Fact label={text('signal')}>
					<Signal device={device} />
				</Fact>
				<Fact label={text('firmwareNow')}>
					<Data value={valueText('firmware', state.values.firmware, region)} />
				</Fact>
			</FactList>
		</Card>
	);
}

function Liveness({ device }: DeviceProps) {
	const live = useEverySecond(() => isLive(device, serverNowMs()));
	return (
		<Tooltip label={text('liveRule')}>
			<span className={classes.liveness} data-live={live || undefined}>
				<span className={classes.dot} aria-hidden="true" />
				{text(live ? 'live' : 'notLive')}
			</span>
		</Tooltip>
	);
}

function Signal({ device: { state } }: DeviceProps) {
	const { signal } = state.values;
	if (signal === 99) return text('signalUnknown');
	return typeof signal === 'number' ? <SignalBars signal={signal} /> : text('none');
}

function clockText({ state }: DeviceDetails): string {
	if (state.newestAtMs === null) return text('none');
	return text(state.clockWrong ? 'clockWrong' : 'clockRight');
}

function lateText(health: DeviceHealth, number: (value: number) => string): string {
	const { lateReadings, longestDelaySeconds } = health;
	return longestDelaySeconds === null
		? number(lateReadings)
		: text('lateCount', {
				count: number(lateReadings),
				delay: durationText(longestDelaySeconds),
			});
}

import { ActionIcon, Button, Skeleton, TextInput, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconMapOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { serverNowMs } from '#web/clock/server-clock.ts';
import { useSession } from '#web/session/session.ts';
import { dayText } from '#web/text/instant.ts';
import { zonedDay } from '#web/text/zoned-input.ts';
import { Card } from '#web/ui/card.tsx';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import type { DeviceDetails } from '../../contract.ts';
import type { DeviceAddress } from '../device-address.ts';
import { trackQuery } from '../queries.ts';
import { text } from '../text.ts';
import type { ChangeDeviceAddress } from '../use-device-address.ts';
import { DayPlayer } from './day-player.tsx';
import { ReadingFault } from './reading-fault.tsx';
import classes from './track-tab.module.css';

const dayMs = 86_400_000;

interface TrackTabProps {
	readonly device: DeviceDetails;
	readonly address: DeviceAddress;
	readonly onChange: ChangeDeviceAddress;
}

/** Where the device was on a day of the organization's time zone, and how it got there. */
export function TrackTab({ device, address, onChange }: TrackTabProps) {
	const { timeZone } = useSession().organization;
	const today = zonedDay(serverNowMs(), timeZone);
	const { positionAtMs } = device.state;
	const lastDay = positionAtMs === null ? today : zonedDay(positionAtMs, timeZone);
	const day = address.day ?? lastDay;
	const { data, error, refetch, isPlaceholderData } = useQuery(trackQuery(device.deviceId, day));

	return (
		<Card
			title={text('routeOf', { day: dayName(day) })}
			aside={
				<div className={classes.days}>
					<Tooltip label={text('dayBefore')}>
						<ActionIcon
							variant="default"
							size={30}
							aria-label={text('dayBefore')}
							onClick={() => onChange({ day: dayFrom(day, -1) })}
						>
							<IconChevronLeft size={16} stroke={1.7} className={classes.mirrored} />
						</ActionIcon>
					</Tooltip>
					<TextInput
						type="date"
						aria-label={text('day')}
						max={today}
						value={day}
						onChange={(event) => {
							if (event.currentTarget.value !== '') onChange({ day: event.currentTarget.value });
						}}
					/>
					<Tooltip label={text('dayAfter')}>
						<ActionIcon
							variant="default"
							size={30}
							aria-label={text('dayAfter')}
							disabled={day >= today}
							onClick={() => onChange({ day: dayFrom(day, 1) })}
						>
							<IconChevronRight size={16} stroke={1.7} className={classes.mirrored} />
						</ActionIcon>
					</Tooltip>
				</div>
			}
		>
			{data === undefined || isPlaceholderData ? (
				error ? (
					<ReadingFault error={error} onRetry={() => void refetch()} />
				) : (
					<Skeleton height={460} />
				)
			) : data.track.lat.every((lat) => lat === null) ? (
				<MessagePanel
					icon={IconMapOff}
					title={text('noRouteTitle')}
					detail={text('noRouteDetail', { day: dayName(day) })}
				>
					{day === lastDay ? null : (
						<Button variant="default" onClick={() => onChange({ day: null })}>
							{text('lastDayWithPosition')}
						</Button>
					)}
				</MessagePanel>
			) : (
				<DayPlayer key={day} day={dayName(day)} reply={data} />
			)}
		</Card>
	);
}

/** Days are counted on the calendar, not in hours: some have 23 or 25. */
function dayFrom(day: string, days: number): string {
	return zonedDay(Date.parse(`${day}T12:00Z`) + days * dayMs, 'UTC');
}

function dayName(day: string): string {
	return dayText(Date.parse(`${day}T12:00Z`), 'UTC');
}

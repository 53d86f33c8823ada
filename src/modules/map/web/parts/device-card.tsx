import { Button, CloseButton, Skeleton } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { devicePath, paths } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { useRegion } from '#web/text/region.tsx';
import { StatusBadge } from '#web/ui/status-badge.tsx';
import type { MapDevice } from '../../contract.ts';
import { mapDeviceQuery } from '../queries.ts';
import { text } from '../text.ts';
import classes from './device-card.module.css';

interface DeviceCardProps {
	readonly deviceNo: number;
	/** Given when the card stays until it is closed. */
	readonly onClose: (() => void) | null;
}

/** What a device is and does, beside its place on the map. */
export function DeviceCard({ deviceNo, onClose }: DeviceCardProps) {
	const { data: device, error } = useQuery(mapDeviceQuery(deviceNo));
	return (
		<section className={classes.card} aria-label={text('device')}>
			{onClose === null ? null : (
				<CloseButton
					size="sm"
					className={classes.close}
					aria-label={text('close')}
					onClick={onClose}
				/>
			)}
			{device === undefined ? (
				error === null ? (
					<Waiting />
				) : (
					<p className={classes.fault} role="alert">
						{text('gone', { reason: error.message })}
					</p>
				)
			) : (
				<Known device={device} />
			)}
		</section>
	);
}

function Known({ device }: { readonly device: MapDevice }) {
	const region = useRegion();
	const canOpen = useMayOpen(paths.device);
	const isSilent = device.status === 'offline' || device.status === 'not_communicating';
	const isEngine = device.family !== 'ev';
	return (
		<>
			<h2 className={classes.name}>{device.vin ?? device.name ?? device.deviceId}</h2>
			<StatusBadge status={device.status} family={device.family} />
			<dl className={classes.facts}>
				{isEngine ? (
					<Fact label={text('battery')}>
						{device.batteryV === null
							? text('none')
							: text('volts', { value: region.number(device.batteryV, 1) })}
					</Fact>
				) : (
					<>
						<Fact label={text('soc')}>
							{device.socPct === null
								? text('none')
								: text('percent', { value: region.number(device.socPct) })}
						</Fact>
						<Fact label={text('speed')}>
							{device.speedKmh === null || isSilent
								? text('none')
								: text('kilometresPerHour', { value: region.number(device.speedKmh) })}
						</Fact>
					</>
				)}
				<Fact label={text('near')}>
					{(device.lat === null ? null : device.near) ?? text('none')}
				</Fact>
				<Fact label={text('customerOf')}>{device.customerName ?? text('none')}</Fact>
				<Fact label={text('lastSeen')}>
					{device.lastHeardAtMs === null ? text('never') : region.instant(device.lastHeardAtMs)}
				</Fact>
			</dl>
			{canOpen ? (
				<Button
					component={Link}
					to={devicePath(device.deviceId, 'track')}
					variant="light"
					fullWidth
					mt={8}
					rightSection={<IconArrowRight size={15} stroke={1.8} aria-hidden />}
				>
					{text('moreInfo')}
				</Button>
			) : null}
		</>
	);
}

interface FactProps {
	readonly label: string;
	readonly children: ReactNode;
}

function Fact({ label, children }: FactProps) {
	return (
		<>
			<dt className={classes.label}>{label}</dt>
			<dd className={classes.value}>{children}</dd>
		</>
	);
}

function Waiting() {
	return (
		<div aria-busy="true">
			<Skeleton height={16} width="80%" mb={10} />
			<Skeleton height={20} width={90} mb={10} />
			<Skeleton height={72} />
		</div>
	);
}

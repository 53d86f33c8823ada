import { Anchor, Button, Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type HeldDevice, listHeldDevices } from '#modules/products/contract.ts';
import { call } from '#web/api/call.ts';
import { paths, rowLink } from '#web/links.ts';
import { useMayOpen } from '#web/open-pages.ts';
import { useRegion } from '#web/text/region.tsx';
import { FaultNotice } from '#web/ui/notice.tsx';
import { text } from '../text.ts';
import classes from './held-devices.module.css';

type Owner = { readonly customerNo: number } | { readonly dealerNo: number };

interface HeldDevicesProps {
	readonly owner: Owner;
}

/** Which devices somebody has, and had before. */
export function HeldDevices({ owner }: HeldDevicesProps) {
	return (
		<>
			<Held owner={owner} when="now" />
			<Held owner={owner} when="before" />
		</>
	);
}

const first = 10;
const most = 100;

function Held({ owner, when }: HeldDevicesProps & { readonly when: 'now' | 'before' }) {
	const region = useRegion();
	const [pageSize, setPageSize] = useState(first);
	const { data, error } = useQuery({
		queryKey: [
			'grid',
			'customerNo' in owner ? 'customers' : 'dealers',
			'held',
			owner,
			when,
			pageSize,
		],
		queryFn: ({ signal }) => call(listHeldDevices, { query: { ...owner, when, pageSize } }, signal),
		placeholderData: keepPreviousData,
	});
	const isNow = when === 'now';
	return (
		<section>
			<h3 className={classes.heading}>{text(isNow ? 'devicesNow' : 'devicesBefore')}</h3>
			{error !== null ? (
				<FaultNotice>{text('devicesReadFault', { reason: error.message })}</FaultNotice>
			) : data === undefined ? (
				<Skeleton height={44} />
			) : data.rows.length === 0 ? (
				<p className={classes.dim}>{text(isNow ? 'noDevicesNow' : 'noDevicesBefore')}</p>
			) : (
				<>
					<ul className={classes.list}>
						{data.rows.map((device) => (
							<Device key={`${device.deviceId} ${device.fromMs}`} device={device} />
						))}
					</ul>
					{data.total > data.rows.length ? (
						<div className={classes.more}>
							<span className={classes.dim}>
								{text('shownOf', {
									shown: region.number(data.rows.length),
									total: region.number(data.total),
								})}
							</span>
							{pageSize < most ? (
								<Button size="compact-sm" variant="default" onClick={() => setPageSize(most)}>
									{text('moreDevices')}
								</Button>
							) : null}
						</div>
					) : null}
				</>
			)}
		</section>
	);
}

function Device({ device }: { readonly device: HeldDevice }) {
	const region = useRegion();
	const mayOpen = useMayOpen(paths.adminDevices);
	const { deviceId, vin, isRetired, fromMs, toMs } = device;
	const from = region.instant(fromMs);
	return (
		<li>
			<div>
				{mayOpen && toMs === null ? (
					<Anchor component={Link} to={rowLink(paths.adminDevices, deviceId)} inherit>
						<bdi>{deviceId}</bdi>
					</Anchor>
				) : (
					<bdi>{deviceId}</bdi>
				)}
				{vin === null ? null : (
					<>
						{' · '}
						<bdi>{vin}</bdi>
					</>
				)}
				{isRetired ? ` · ${text('retired')}` : null}
			</div>
			<div className={classes.dim}>
				{toMs === null
					? text('since', { from })
					: text('period', { from, to: region.instant(toMs) })}
			</div>
		</li>
	);
}

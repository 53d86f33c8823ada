import { Button, Skeleton, Tabs } from '@mantine/core';
import { IconMoodEmpty } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useDeviceOffers } from '#web/device-offers.tsx';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import type { DeviceDetails } from '../contract.ts';
import { identityOf, wordOf } from './device-facts.ts';
import classes from './device-page.module.css';
import { DeviceHeader } from './parts/device-header.tsx';
import { ManageTab } from './parts/manage-tab.tsx';
import { TrackTab } from './parts/track-tab.tsx';
import { text } from './text.ts';
import { useDevice } from './use-device.ts';
import { useDeviceAddress } from './use-device-address.ts';

export default function DevicePage() {
	const { deviceId = '' }: { readonly deviceId?: string } = useParams({ strict: false });
	const device = useDevice(deviceId);
	if (device.data) return <LoadedDevice key={deviceId} device={device.data} />;
	if (device.error) {
		return (
			<MessagePanel icon={IconMoodEmpty} title={text('gone')} detail={device.error.message}>
				<Button variant="default" onClick={() => void device.refetch()}>
					{text('retry')}
				</Button>
			</MessagePanel>
		);
	}
	return (
		<div className={classes.page} role="status" aria-busy="true" aria-label={text('loading')}>
			<Skeleton height={64} />
			<Skeleton height={36} width="min(320px, 100%)" />
			<Skeleton height={420} />
		</div>
	);
}

interface LoadedDeviceProps {
	readonly device: DeviceDetails;
}

function LoadedDevice({ device }: LoadedDeviceProps) {
	const [address, change] = useDeviceAddress();
	const { tabs } = useDeviceOffers(device.family);
	const known = ['manage', 'track', ...tabs.map((tab) => tab.key)];
	const open = known.find((key) => key === address.tab) ?? 'manage';
	return (
		<div className={classes.page}>
			<DeviceHeader device={device} />
			<Tabs
				value={open}
				onChange={(tab) => change({ tab: tab ?? 'manage' })}
				keepMounted={false}
				classNames={{ list: classes.tabs, panel: classes.panel }}
			>
				<Tabs.List aria-label={text('tabs')}>
					<Tabs.Tab value="manage">{text('manage')}</Tabs.Tab>
					<Tabs.Tab value="track">{text('trackAndTrace')}</Tabs.Tab>
					{tabs.map((tab) => (
						<Tabs.Tab key={tab.key} value={tab.key}>
							{tab.title}
						</Tabs.Tab>
					))}
				</Tabs.List>
				<Tabs.Panel value="manage">
					<ManageTab device={device} address={address} onChange={change} />
				</Tabs.Panel>
				<Tabs.Panel value="track">
					<TrackTab device={device} address={address} onChange={change} />
				</Tabs.Panel>
				{tabs.map(({ key, component: Tab }) => (
					<Tabs.Panel key={key} value={key}>
						<Suspense fallback={<Skeleton height={240} />}>
							<Tab device={identityOf(device)} word={wordOf(device)} />
						</Suspense>
					</Tabs.Panel>
				))}
			</Tabs>
		</div>
	);
}

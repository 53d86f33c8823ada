import { ActionIcon, Button, Drawer, Skeleton, Tooltip } from '@mantine/core';
import { IconMoodEmpty, IconSettings, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { devicePath } from '#web/links.ts';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import type { FleetRow } from '../../contract.ts';
import { identityOf } from '../telemetry.ts';
import { text } from '../text.ts';
import { DeviceDetails } from './device-details.tsx';
import { DeviceHeading, DeviceSummary } from './device-heading.tsx';
import classes from './device-panel.module.css';

interface DevicePanelProps {
	/** Undefined while it is being read. */
	readonly row: FleetRow | undefined;
	readonly error: Error | null;
	readonly onRetry: () => void;
	readonly onClose: () => void;
}

/** The open device, on the right of the grid. */
export function DevicePanel(props: DevicePanelProps) {
	return (
		<aside className={classes.panel} aria-label={text('details')}>
			<div className={classes.top}>
				{props.row ? <DeviceHeading row={props.row} /> : <span />}
				<Tooltip label={text('close')}>
					<ActionIcon
						variant="subtle"
						color="gray"
						size={30}
						aria-label={text('close')}
						onClick={props.onClose}
					>
						<IconX size={18} stroke={1.7} />
					</ActionIcon>
				</Tooltip>
			</div>
			<Body {...props} />
		</aside>
	);
}

/** The open device on a phone: a sheet from below. */
export function DeviceSheet(props: DevicePanelProps) {
	return (
		<Drawer
			opened
			onClose={props.onClose}
			position="bottom"
			size="82%"
			title={props.row ? identityOf(props.row) : text('details')}
			closeButtonProps={{ 'aria-label': text('close') }}
			classNames={{ content: classes.sheet, title: classes.sheetTitle }}
		>
			{props.row ? (
				<div className={classes.summary}>
					<DeviceSummary row={props.row} />
				</div>
			) : null}
			<Body {...props} />
		</Drawer>
	);
}

function Body({ row, error, onRetry }: DevicePanelProps): ReactNode {
	if (row) {
		return (
			<>
				<Button
					component={Link}
					to={devicePath(row.deviceId)}
					className={classes.manage}
					leftSection={<IconSettings size={16} stroke={1.7} aria-hidden />}
				>
					{text('manage')}
				</Button>
				<DeviceDetails row={row} />
			</>
		);
	}
	if (error) {
		return (
			<MessagePanel icon={IconMoodEmpty} title={text('gone')} detail={error.message}>
				<Button variant="default" onClick={onRetry}>
					{text('retry')}
				</Button>
			</MessagePanel>
		);
	}
	return (
		<div className={classes.skeleton} aria-busy>
			<Skeleton height={24} width="70%" />
			<Skeleton height={64} />
			<Skeleton height={200} />
		</div>
	);
}

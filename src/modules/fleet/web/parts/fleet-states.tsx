import { Button, Skeleton, Text } from '@mantine/core';
import { IconCloudOff, IconFilterOff, IconTruckOff } from '@tabler/icons-react';
import { ProblemError } from '#web/api/problem.ts';
import { MessagePanel } from '#web/ui/message-panel.tsx';
import { text } from '../text.ts';
import classes from './fleet-states.module.css';

const skeletonRows = 14;

/** Before the first rows are here. */
export function FleetSkeleton() {
	return (
		<div className={classes.skeleton} role="status" aria-busy="true" aria-label={text('loading')}>
			{Array.from({ length: skeletonRows }, (_, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: the bars are all the same and never move
				<div key={index} className={classes.row}>
					<Skeleton height={12} width={150} />
					<Skeleton height={18} width={96} />
					<Skeleton height={12} width={170} />
					<Skeleton height={12} className={classes.rest} />
				</div>
			))}
		</div>
	);
}

interface NothingProps {
	readonly isFiltered: boolean;
	readonly onClear: () => void;
}

/** No rows: because there are no devices at all, or because none fits. */
export function NothingToShow({ isFiltered, onClear }: NothingProps) {
	if (!isFiltered) {
		return (
			<MessagePanel
				icon={IconTruckOff}
				title={text('noDevicesTitle')}
				detail={text('noDevicesDetail')}
			/>
		);
	}
	return (
		<MessagePanel icon={IconFilterOff} title={text('noMatchTitle')} detail={text('noMatchDetail')}>
			<Button variant="default" onClick={onClear}>
				{text('clearFilters')}
			</Button>
		</MessagePanel>
	);
}

interface FaultProps {
	readonly error: Error;
	readonly onRetry: () => void;
}

/** The fleet could not be read, and there is nothing older to show. */
export function FleetFault({ error, onRetry }: FaultProps) {
	return (
		<div role="alert" className={classes.fault}>
			<MessagePanel icon={IconCloudOff} title={text('faultTitle')} detail={error.message}>
				<Button variant="default" onClick={onRetry}>
					{text('retry')}
				</Button>
				<RequestId error={error} />
			</MessagePanel>
		</div>
	);
}

/** The last reading failed; the rows of the one before stay. */
export function OlderRows({ error, onRetry }: FaultProps) {
	return (
		<div role="alert" className={classes.older}>
			<span>{text('olderRows', { reason: error.message })}</span>
			<RequestId error={error} />
			<Button size="compact-sm" variant="default" onClick={onRetry}>
				{text('retry')}
			</Button>
		</div>
	);
}

function RequestId({ error }: { readonly error: Error }) {
	if (!(error instanceof ProblemError) || error.requestId === null) return null;
	if (error.message.includes(error.requestId)) return null;
	return (
		<Text c="dimmed" fz="xs" component="span" className={classes.requestId}>
			{text('requestId', { requestId: error.requestId })}
		</Text>
	);
}

import { Button, Skeleton, Text } from '@mantine/core';
import { IconCloudOff, IconFilterOff } from '@tabler/icons-react';
import { ProblemError } from '#web/api/problem.ts';
import { MessagePanel } from '../message-panel.tsx';
import { text as uiText } from '../text.ts';
import type { GridDefinition } from './grid.ts';
import classes from './grid-states.module.css';
import { text } from './text.ts';
import type { OfferedAction } from './use-grid-actions.ts';

const skeletonRows = 14;

/** Before the first rows are here. */
export function GridSkeleton() {
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
	readonly definition: Pick<
		GridDefinition<never>,
		'emptyIcon' | 'emptyTitle' | 'emptyDetail' | 'noMatchTitle'
	>;
	readonly isFiltered: boolean;
	readonly add: OfferedAction | null;
	readonly onClear: () => void;
}

/** No rows: because there are none at all, or because none fits. */
export function NothingToShow({ definition, isFiltered, add, onClear }: NothingProps) {
	if (!isFiltered) {
		return (
			<MessagePanel
				icon={definition.emptyIcon}
				title={definition.emptyTitle}
				detail={definition.emptyDetail}
			>
				{add === null ? undefined : <Button onClick={add.run}>{add.label}</Button>}
			</MessagePanel>
		);
	}
	return (
		<MessagePanel
			icon={IconFilterOff}
			title={definition.noMatchTitle}
			detail={text('noMatchDetail')}
		>
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

interface GridFaultProps extends FaultProps {
	readonly title: string;
}

/** The rows could not be read, and there is nothing older to show. */
export function GridFault({ title, error, onRetry }: GridFaultProps) {
	return (
		<div role="alert" className={classes.fault}>
			<MessagePanel icon={IconCloudOff} title={title} detail={error.message}>
				<Button variant="default" onClick={onRetry}>
					{uiText('retry')}
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
				{uiText('retry')}
			</Button>
		</div>
	);
}

function RequestId({ error }: { readonly error: Error }) {
	if (!(error instanceof ProblemError) || error.requestId === null) return null;
	if (error.message.includes(error.requestId)) return null;
	return (
		<Text c="dimmed" fz="xs" component="span" className={classes.requestId}>
			{uiText('requestId', { requestId: error.requestId })}
		</Text>
	);
}

import { ActionIcon, Button, Drawer, Skeleton, Title, Tooltip } from '@mantine/core';
import { IconMoodEmpty, IconX } from '@tabler/icons-react';
import { Suspense } from 'react';
import { MessagePanel } from '../message-panel.tsx';
import { text as uiText } from '../text.ts';
import { RowButtons } from './action-buttons.tsx';
import classes from './detail-panel.module.css';
import type { GridDetail } from './grid.ts';
import { text } from './text.ts';
import type { GridActions } from './use-grid-actions.ts';
import type { OpenRow } from './use-open-row.ts';

interface DetailProps<Row> {
	readonly detail: GridDetail<Row>;
	readonly name: (row: Row) => string;
	readonly open: OpenRow<Row>;
	readonly actions: GridActions<Row>;
	readonly onClose: () => void;
}

/** The open row, on the right of the grid. */
export function DetailPanel<Row>({ detail, name, open, onClose }: DetailProps<Row>) {
	const { row } = open;
	return (
		<aside className={classes.panel} aria-label={text('details')}>
			<div className={classes.top}>
				{row === undefined ? (
					<span />
				) : (
					<div className={classes.heading}>
						<div className={classes.identity}>
							<Title order={2} className={classes.name}>
								{name(row)}
							</Title>
							{detail.beside?.(row)}
						</div>
						{detail.summary(row)}
					</div>
				)}
				<Tooltip label={uiText('close')}>
					<ActionIcon
						variant="subtle"
						color="gray"
						size={30}
						aria-label={uiText('close')}
						onClick={onClose}
					>
						<IconX size={18} stroke={1.7} />
					</ActionIcon>
				</Tooltip>
			</div>
			<Body detail={detail} open={open} />
		</aside>
	);
}

/** The open row on a phone: a sheet from below. */
export function DetailSheet<Row>({ detail, name, open, actions, onClose }: DetailProps<Row>) {
	const { row } = open;
	return (
		<Drawer
			opened
			onClose={onClose}
			position="bottom"
			size="82%"
			title={row === undefined ? text('details') : name(row)}
			closeButtonProps={{ 'aria-label': uiText('close') }}
			classNames={{ content: classes.sheet, title: classes.sheetTitle }}
		>
			{row === undefined ? null : (
				<div className={classes.summary}>
					{detail.summary(row)}
					<div className={classes.actions}>
						<RowButtons actions={actions} />
					</div>
				</div>
			)}
			<Body detail={detail} open={open} />
		</Drawer>
	);
}

function Body<Row>({ detail, open }: Pick<DetailProps<Row>, 'detail' | 'open'>) {
	const { row, error, retry } = open;
	if (row !== undefined) return <Suspense fallback={<Bars />}>{detail.body(row)}</Suspense>;
	if (error) {
		return (
			<MessagePanel icon={IconMoodEmpty} title={text('gone')} detail={error.message}>
				<Button variant="default" onClick={retry}>
					{uiText('retry')}
				</Button>
			</MessagePanel>
		);
	}
	return <Bars />;
}

function Bars() {
	return (
		<div className={classes.skeleton} aria-busy>
			<Skeleton height={24} width="70%" />
			<Skeleton height={64} />
			<Skeleton height={200} />
		</div>
	);
}

import { ActionIcon, Tooltip } from '@mantine/core';
import { lazy, Suspense } from 'react';
import classes from './action-buttons.module.css';
import type { GridActions, OfferedAction } from './use-grid-actions.ts';

/** Many grids have no further actions and do without it. */
const ActionsMenu = lazy(async () => ({
	default: (await import('./actions-menu.tsx')).ActionsMenu,
}));

interface ActionButtonsProps<Row> {
	readonly actions: GridActions<Row>;
}

/** Plus, which needs no row. */
export function AddButton<Row>({ actions: { add } }: ActionButtonsProps<Row>) {
	return add === null ? null : <IconButton action={add} />;
}

/** Pencil, bin, and the menu of what else can be done to rows. */
export function RowButtons<Row>({ actions: { edit, remove, others } }: ActionButtonsProps<Row>) {
	return (
		<>
			{edit === null ? null : <IconButton action={edit} />}
			{remove === null ? null : <IconButton action={remove} />}
			{others.length === 0 ? null : (
				<Suspense>
					<ActionsMenu actions={others} />
				</Suspense>
			)}
		</>
	);
}

function IconButton({
	action: { key, label, icon: Icon, isPossible, run },
}: {
	readonly action: OfferedAction;
}) {
	return (
		<Tooltip label={label}>
			<ActionIcon
				variant={key === 'add' ? 'filled' : 'default'}
				size={32}
				className={classes.button}
				aria-label={label}
				disabled={!isPossible}
				onClick={run}
			>
				<Icon size={18} stroke={1.7} />
			</ActionIcon>
		</Tooltip>
	);
}

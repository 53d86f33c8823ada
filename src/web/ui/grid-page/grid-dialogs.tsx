import { useMounted } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { toastDone, toastFault } from '../toast.ts';
import type { GridDialog, GridReply } from './grid.ts';
import type { Grid } from './use-grid.ts';
import { type AskedAction, type GridActions, newForm } from './use-grid-actions.ts';
import { useOpenRow } from './use-open-row.ts';

const ConfirmModal = lazy(async () => ({
	default: (await import('../confirm-modal.tsx')).ConfirmModal,
}));

interface GridDialogsProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	readonly actions: GridActions<Row>;
}

/** The form that the address names, and whatever an action asks. */
export function GridDialogs<Row, Reply extends GridReply<Row>>({
	grid,
	actions,
}: GridDialogsProps<Row, Reply>) {
	const { asked, isAsking, close } = actions;
	return (
		<>
			<Form grid={grid} mayAdd={actions.add !== null} mayEdit={actions.edit !== null} />
			{asked === null ? null : (
				<Opening key={asked.time} isOpen={isAsking}>
					{(opened) => (
						<ActionDialog asked={asked} opened={opened} onClose={close} onDone={grid.renew} />
					)}
				</Opening>
			)}
		</>
	);
}

interface FormProps<Row, Reply extends GridReply<Row>> {
	readonly grid: Grid<Row, Reply>;
	readonly mayAdd: boolean;
	readonly mayEdit: boolean;
}

function Form<Row, Reply extends GridReply<Row>>({ grid, mayAdd, mayEdit }: FormProps<Row, Reply>) {
	const { definition, address, change, renew, page, rows, chosen } = grid;
	const Add = definition.add?.component;
	const Edit = definition.edit?.component;
	const { form, time } = useLastForm(address.form);
	const edited = mayEdit && form !== newForm ? form : null;
	const { open } = useOpenRow(definition, edited, page.data && rows);
	const row = open.row ?? (edited === null ? undefined : chosen.get(edited));
	const fault = row === undefined && address.form !== null ? open.error : null;
	useEffect(() => {
		if (fault === null) return;
		toastFault(fault.message);
		change({ form: null }, { replace: true });
	}, [fault, change]);

	function formOf(opened: boolean) {
		const dialog: GridDialog = {
			opened,
			onClose: () => change({ form: null }, { replace: true }),
			onDone: renew,
		};
		if (form === newForm) return mayAdd && Add ? <Add {...dialog} /> : null;
		return edited !== null && Edit && row !== undefined ? <Edit {...dialog} row={row} /> : null;
	}
	if (form === null) return null;
	return (
		<Opening key={time} isOpen={address.form !== null}>
			{formOf}
		</Opening>
	);
}

/** The form that is open, or was last; `time` counts how often one was opened. */
function useLastForm(now: string | null): { form: string | null; time: number } {
	const [last, setLast] = useState({ now, form: now, time: 0 });
	if (last.now !== now) {
		setLast({ now, form: now ?? last.form, time: now === null ? last.time : last.time + 1 });
	}
	return last;
}

interface OpeningProps {
	readonly isOpen: boolean;
	readonly children: (opened: boolean) => ReactNode;
}

/** Shows a dialog closed before it opens: so it learns where the focus was, and gives it back. */
function Opening({ isOpen, children }: OpeningProps) {
	const isMounted = useMounted();
	return <Suspense>{children(isMounted && isOpen)}</Suspense>;
}

interface ActionDialogProps<Row> extends GridDialog {
	readonly asked: AskedAction<Row>;
}

function ActionDialog<Row>({ asked: { action, rows }, onDone, ...dialog }: ActionDialogProps<Row>) {
	if ('component' in action) {
		const { component: Dialog } = action;
		return <Dialog {...dialog} onDone={onDone} rows={rows} />;
	}
	if (!('confirm' in action)) return null;
	const { confirm, label } = action;
	return (
		<ConfirmModal
			{...dialog}
			title={label}
			what={confirm.what(rows)}
			onConfirm={async (typed) => {
				// Of several rows some may be changed when one fails.
				await confirm.run(rows, typed).finally(onDone);
				toastDone(confirm.done(rows));
			}}
		/>
	);
}

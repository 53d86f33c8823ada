import { Button, Drawer, Group, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, type SyntheticEvent, useState } from 'react';
import { problemErrors } from '#web/api/field-errors.ts';
import { ProblemError } from '#web/api/problem.ts';
import { ConfirmModal } from './confirm-modal.tsx';
import classes from './form-drawer.module.css';
import { FaultNotice } from './notice.tsx';
import { text } from './text.ts';
import { toastDone } from './toast.ts';

/** What a drawer needs of a form; the one that `useForm` of Mantine returns has it. */
interface DrawerForm<Values> {
	isDirty(): boolean;
	setErrors(errors: Record<string, string>): void;
	/** Checks the fields and hands over their values if nothing is wrong. */
	onSubmit(handle: (values: Values) => void): (event: SyntheticEvent<HTMLFormElement>) => void;
}

interface FormDrawerProps<Values extends Record<string, unknown>> {
	readonly opened: boolean;
	readonly onClose: () => void;
	readonly title: string;
	readonly form: DrawerForm<Values>;
	/** Says for the confirmation exactly what will be changed. Left out: *Save* does it at once. */
	readonly what?: (values: Values) => ReactNode;
	/**
	 * Does it, given what was typed as confirmation, which is nothing where nothing is to be confirmed. Fields that the
	 * server complains about are marked in the form; any other refusal is shown where it was confirmed or saved.
	 */
	readonly onSubmit: (values: Values, typed: string) => Promise<void>;
	/** Called when it is done, before the drawer closes, and when somebody else was faster: reads anew. */
	readonly onDone?: () => void;
	/** What happened, for the toast. */
	readonly done: (values: Values) => string;
	/** The fields; the first has `data-autofocus`, mandatory ones `withAsterisk`. */
	readonly children: ReactNode;
}

/**
 * A form at the side: checked when it is submitted, confirmed by the typed word unless it is one to be saved at once, and
 * then a toast says what happened.
 */
export function FormDrawer<Values extends Record<string, unknown>>({
	opened,
	onClose,
	title,
	form,
	what,
	onSubmit,
	onDone,
	done,
	children,
}: FormDrawerProps<Values>) {
	const [confirming, setConfirming] = useState<Values | null>(null);
	const [saving, setSaving] = useState<Saving>({ isBusy: false, fault: null });
	const [isLeaving, setIsLeaving] = useState(false);
	const isUnsaved = () => opened && form.isDirty();
	// What closes the drawer itself replaces its address.
	const departure = useBlocker({
		shouldBlockFn: ({ action }) => action !== 'REPLACE' && isUnsaved(),
		enableBeforeUnload: isUnsaved,
		withResolver: true,
	});

	/** Asks first when something was filled in. */
	function leave() {
		if (form.isDirty()) setIsLeaving(true);
		else onClose();
	}

	function stay() {
		setIsLeaving(false);
		departure.reset?.();
	}

	function discard() {
		setIsLeaving(false);
		if (departure.status === 'blocked') departure.proceed();
		else onClose();
	}

	async function submit(values: Values, typed: string) {
		try {
			await onSubmit(values, typed);
		} catch (error) {
			// What is listed shows what the other editor made of it, and the next form begins with that.
			if (error instanceof ProblemError && error.code === 'changed_meanwhile') onDone?.();
			const errors = error instanceof ProblemError ? fieldsOf(error, values) : {};
			if (Object.keys(errors).length === 0) throw error;
			form.setErrors(errors);
			return;
		}
		toastDone(done(values));
		onDone?.();
		onClose();
	}

	async function save(values: Values) {
		if (saving.isBusy) return;
		setSaving({ isBusy: true, fault: null });
		try {
			await submit(values, '');
			setSaving({ isBusy: false, fault: null });
		} catch (error) {
			setSaving({ isBusy: false, fault: error instanceof Error ? error.message : String(error) });
		}
	}

	return (
		<>
			<Drawer
				opened={opened}
				onClose={leave}
				// One press of Escape closes one thing: what stands above the drawer, else the drawer.
				closeOnEscape={false}
				onKeyDown={(event) => {
					if (event.key === 'Escape' && !isInOpenList(event.target)) leave();
				}}
				position="right"
				size={440}
				zIndex={300}
				title={title}
				closeButtonProps={{ 'aria-label': text('close') }}
				classNames={{ content: classes.content, body: classes.body, title: classes.title }}
			>
				<form
					className={classes.form}
					noValidate
					onSubmit={form.onSubmit((values) => {
						if (what === undefined) save(values);
						else setConfirming(values);
					})}
				>
					<div className={classes.fields}>{children}</div>
					{what === undefined ? (
						<div className={classes.fault}>
							<FaultNotice>{saving.fault}</FaultNotice>
						</div>
					) : null}
					<div className={classes.actions}>
						<Button variant="default" onClick={leave}>
							{text('cancel')}
						</Button>
						<Button type="submit" loading={saving.isBusy}>
							{text(what === undefined ? 'save' : 'submit')}
						</Button>
					</div>
				</form>
			</Drawer>
			<ConfirmModal
				opened={confirming !== null}
				onClose={() => setConfirming(null)}
				title={title}
				what={confirming === null ? null : what?.(confirming)}
				onConfirm={async (typed) => {
					if (confirming !== null) await submit(confirming, typed);
				}}
			/>
			<Modal
				opened={isLeaving || departure.status === 'blocked'}
				onClose={stay}
				title={text('unsavedTitle')}
				centered
				size={360}
				zIndex={400}
				closeButtonProps={{ 'aria-label': text('close') }}
				classNames={{ title: classes.title }}
			>
				<p className={classes.unsaved}>{text('unsavedDetail')}</p>
				<Group justify="flex-end" gap={10}>
					<Button variant="default" data-autofocus onClick={stay}>
						{text('keepEditing')}
					</Button>
					<Button color="red.9" onClick={discard}>
						{text('discard')}
					</Button>
				</Group>
			</Modal>
		</>
	);
}

/** How a form that is saved at once is doing. */
interface Saving {
	readonly isBusy: boolean;
	readonly fault: string | null;
}

/** Mantine marks the field whose list of options is open. */
function isInOpenList(target: EventTarget): boolean {
	return (
		target instanceof Element && target.getAttribute('data-mantine-stop-propagation') === 'true'
	);
}

/** Complaints about fields that the form has. */
function fieldsOf(problem: ProblemError, values: object): Record<string, string> {
	return Object.fromEntries(
		Object.entries(problemErrors(problem)).filter(([field]) => Object.hasOwn(values, field)),
	);
}

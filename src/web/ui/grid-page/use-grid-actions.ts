import { type Icon, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type AnyEndpoint, isAdmitted } from '#contract/endpoint.ts';
import { useSession } from '#web/session/session.ts';
import { useRegion } from '#web/text/region.tsx';
import { toastDone, toastFault } from '../toast.ts';
import type { GridAction, GridReply } from './grid.ts';
import { text } from './text.ts';
import type { Grid } from './use-grid.ts';

/** `form` in the address while a row is added. */
export const newForm = 'new';

/** Something that whoever is signed in may do on a grid. */
export interface OfferedAction {
	readonly key: string;
	readonly label: string;
	readonly icon: Icon;
	/** The right rows are ticked or open. */
	readonly isPossible: boolean;
	readonly run: () => void;
}

/** An action that is asking something, and about which rows. */
export interface AskedAction<Row> {
	readonly action: GridAction<Row>;
	readonly rows: readonly Row[];
	/** Counts how often something was asked, so that each time begins anew. */
	readonly time: number;
}

export interface GridActions<Row> {
	readonly add: OfferedAction | null;
	readonly edit: OfferedAction | null;
	readonly remove: OfferedAction | null;
	/** Which rows are in question: the name of the one, or how many. */
	readonly about: string;
	/** Those that the page declares besides. */
	readonly others: readonly OfferedAction[];
	/** The last one that asked; it stays while its window closes. */
	readonly asked: AskedAction<Row> | null;
	readonly isAsking: boolean;
	readonly close: () => void;
}

/** What can be done to the ticked rows, or if none is ticked to the open one. */
export function useGridActions<Row, Reply extends GridReply<Row>>(
	grid: Grid<Row, Reply>,
): GridActions<Row> {
	const { definition, change, chosen, open, renew } = grid;
	const { rowKey } = definition;
	const { role } = useSession();
	const region = useRegion();
	const [asked, setAsked] = useState<AskedAction<Row> | null>(null);
	const [isAsking, setIsAsking] = useState(false);
	const rows = useMemo(
		() => (chosen.size > 0 ? [...chosen.values()] : open.row === undefined ? [] : [open.row]),
		[chosen, open.row],
	);
	const [only] = rows;
	const may = (endpoint: AnyEndpoint) => isAdmitted(endpoint.admits, role);

	function ask(action: GridAction<Row>) {
		if ('run' in action) void runAtOnce(action.label, () => action.run(rows), renew);
		else {
			setAsked({ action, rows, time: (asked?.time ?? 0) + 1 });
			setIsAsking(true);
		}
	}

	const { add, edit, remove, actions = [] } = definition;
	const removal = remove && may(remove.endpoint) ? removing(remove, grid) : null;
	return {
		add:
			add && may(add.endpoint)
				? {
						key: 'add',
						label: add.label,
						icon: IconPlus,
						isPossible: true,
						run: () => change({ form: newForm }),
					}
				: null,
		edit:
			edit && may(edit.endpoint)
				? {
						key: 'edit',
						label: edit.label,
						icon: IconPencil,
						isPossible: rows.length === 1,
						run: () => only && change({ form: rowKey(only) }),
					}
				: null,
		remove: removal && offered(removal, rows, ask),
		others: actions
			.filter(({ endpoint }) => may(endpoint))
			.map((action) => offered(action, rows, ask)),
		about:
			rows.length === 1 && only
				? definition.rowName(only)
				: text('chosen', { count: region.number(rows.length) }),
		asked,
		isAsking,
		close: () => setIsAsking(false),
	};
}

function offered<Row>(
	action: GridAction<Row>,
	rows: readonly Row[],
	ask: (action: GridAction<Row>) => void,
): OfferedAction {
	const { key, label, icon, needs, suits } = action;
	const areEnough = needs === 'one' ? rows.length === 1 : rows.length > 0;
	const isPossible = areEnough && rows.every((row) => suits?.(row) ?? true);
	return { key, label, icon, isPossible, run: () => ask(action) };
}

/** Deleting, after which nothing deleted is ticked or open. */
function removing<Row, Reply extends GridReply<Row>>(
	remove: NonNullable<Grid<Row, Reply>['definition']['remove']>,
	{ definition: { rowKey }, address, change, choose }: Grid<Row, Reply>,
): GridAction<Row> {
	return {
		key: 'remove',
		label: remove.label,
		icon: IconTrash,
		endpoint: remove.endpoint,
		needs: 'some',
		confirm: {
			...remove,
			async run(rows, typed) {
				await remove.run(rows, typed);
				choose([]);
				if (rows.some((row) => rowKey(row) === address.row))
					change({ row: null }, { replace: true });
			},
		},
	};
}

async function runAtOnce(label: string, run: () => Promise<string>, renew: () => void) {
	try {
		toastDone(await run());
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		toastFault(text('changeFailed', { label, reason }));
	} finally {
		renew();
	}
}

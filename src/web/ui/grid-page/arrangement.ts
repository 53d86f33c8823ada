import { z } from 'zod';

export const densities = ['compact', 'comfortable'] as const;
export type Density = (typeof densities)[number];

/** How many rows a page may have; the first unless somebody chose. */
export const pageSizes: readonly number[] = [30, 50, 100];
const usualPageSize = 30;

/** How a person arranged a grid. Kept on the server, so it may name columns that there are no more. */
export const arrangementSchema = z.object({
	/** Keys in order; columns it does not name stand where the page puts them. */
	order: z.array(z.string().max(64)).max(200).catch([]),
	hidden: z.array(z.string().max(64)).max(200).catch([]),
	/** Columns that the page hides at first and somebody wants to see. */
	shown: z.array(z.string().max(64)).max(200).catch([]),
	density: z.enum(densities).catch('compact'),
	pageSize: z
		.number()
		.refine((size) => pageSizes.includes(size))
		.catch(usualPageSize),
});
export type Arrangement = Readonly<z.output<typeof arrangementSchema>>;

export const unarranged: Arrangement = {
	order: [],
	hidden: [],
	shown: [],
	density: 'compact',
	pageSize: usualPageSize,
};

/** Reads what was kept, whatever an older page wrote. */
export function readArrangement(kept: unknown): Arrangement {
	return arrangementSchema.safeParse(kept).data ?? unarranged;
}

interface ArrangedColumn {
	readonly key: string;
	readonly startsHidden?: boolean;
}

/**
 * Every column in a person's order. The first keeps its place; a column that came since stands behind the one that the
 * page has it behind.
 */
export function inOrder<Column extends ArrangedColumn>(
	columns: readonly Column[],
	{ order }: Arrangement,
): readonly Column[] {
	const [first, ...rest] = columns;
	if (first === undefined) return [];
	const named = order.flatMap((key) => rest.find((column) => column.key === key) ?? []);
	const ordered = [first, ...new Set(named)];
	for (const [place, column] of rest.entries()) {
		if (ordered.includes(column)) continue;
		const before = rest[place - 1] ?? first;
		ordered.splice(ordered.indexOf(before) + 1, 0, column);
	}
	return ordered;
}

export function isShown(column: ArrangedColumn, { hidden, shown }: Arrangement): boolean {
	return column.startsHidden === true ? shown.includes(column.key) : !hidden.includes(column.key);
}

/** With a column shown or hidden. */
export function withShown(
	arrangement: Arrangement,
	column: ArrangedColumn,
	isWanted: boolean,
): Arrangement {
	const list = column.startsHidden === true ? 'shown' : 'hidden';
	const others = arrangement[list].filter((key) => key !== column.key);
	const isListed = (list === 'shown') === isWanted;
	return { ...arrangement, [list]: isListed ? [...others, column.key] : others };
}

/** With a column moved so many places; the first column's place is not to be had. */
export function withMoved(
	columns: readonly ArrangedColumn[],
	arrangement: Arrangement,
	key: string,
	places: number,
): Arrangement {
	const keys = inOrder(columns, arrangement).map((column) => column.key);
	const from = keys.indexOf(key);
	const to = from + places;
	if (from < 1 || to < 1 || to >= keys.length) return arrangement;
	keys.splice(to, 0, ...keys.splice(from, 1));
	return { ...arrangement, order: keys.slice(1) };
}

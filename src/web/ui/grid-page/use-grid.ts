import {
	keepPreviousData,
	queryOptions,
	type UseQueryResult,
	useQuery,
	useQueryClient,
} from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { call } from '#web/api/call.ts';
import { type Arrangement, unarranged } from './arrangement.ts';
import type { GridDefinition, GridReply } from './grid.ts';
import { type GridAddress, selectionOf } from './grid-address.ts';
import { useArrangement } from './use-arrangement.ts';
import { type ChangeGrid, useGridAddress } from './use-grid-address.ts';
import { type OpenRow, useOpenRow } from './use-open-row.ts';

const reorderEveryMs = 30_000;

/** The rows a person has ticked, by their keys; they stay ticked on other pages of the list. */
export type ChosenRows<Row> = ReadonlyMap<string, Row>;

/** A grid page at work: what it shows, and what changes it. */
export interface Grid<Row, Reply extends GridReply<Row> = GridReply<Row>> {
	readonly definition: GridDefinition<Row, Reply>;
	readonly address: GridAddress;
	readonly change: ChangeGrid;
	/** The page of the list. */
	readonly page: UseQueryResult<Reply>;
	/** As the address says, else as the person chose last. */
	readonly pageSize: number;
	/** Goes to the first page of so many rows, and keeps their number for the person. */
	readonly setPageSize: (pageSize: number) => void;
	readonly rows: readonly Row[];
	readonly open: OpenRow<Row>;
	/** Null until it is known. */
	readonly arrangement: Arrangement | null;
	readonly arrange: (arrangement: Arrangement) => void;
	readonly isRealtime: boolean;
	readonly setRealtime: (isRealtime: boolean) => void;
	readonly chosen: ChosenRows<Row>;
	readonly choose: (rows: readonly Row[]) => void;
	/** Changes the pages on the screen in place, as live messages do. */
	readonly patchPages: (patch: (reply: Reply) => Reply) => void;
	/** Changes the open row in place. */
	readonly patchOpen: (patch: (row: Row) => Row) => void;
	/** Reads everything of the list anew, since it was changed. */
	readonly renew: () => void;
	/** Where the grid is on the page. */
	readonly frame: RefObject<HTMLDivElement | null>;
}

/**
 * Reads a grid's rows as its address asks. Rows keep their places while somebody points at them or works in them; else
 * their order is renewed now and then while the grid is in real time.
 */
export function useGrid<Row, Reply extends GridReply<Row>>(
	definition: GridDefinition<Row, Reply>,
): Grid<Row, Reply> {
	const { key, list, rowKey } = definition;
	const queryClient = useQueryClient();
	const [address, change] = useGridAddress(list.query);
	const [arrangement, arrange] = useArrangement(key);
	const [isRealtime, setRealtime] = useState(true);
	const [ticked, setTicked] = useState<ChosenRows<Row>>(new Map());
	const frame = useRef<HTMLDivElement>(null);
	const pageSize = address.pageSize ?? arrangement?.pageSize ?? null;
	const page = useQuery(pageQuery(definition, address, pageSize));
	const rows = useMemo<readonly Row[]>(() => page.data?.rows ?? [], [page.data]);
	const { open, patchOpen } = useOpenRow(definition, address.row, page.data && rows);
	const chosen = useMemo(() => asRead(ticked, rows, rowKey), [ticked, rows, rowKey]);
	useReordering(isRealtime, frame, page.refetch);

	const choose = useCallback(
		(next: readonly Row[]) => setTicked(new Map(next.map((row) => [rowKey(row), row]))),
		[rowKey],
	);
	const patchPages = useCallback(
		(patch: (reply: Reply) => Reply) =>
			queryClient.setQueriesData<Reply>(
				{ queryKey: ['grid', key, 'page'], type: 'active' },
				(reply) => reply && patch(reply),
			),
		[queryClient, key],
	);
	function setPageSize(size: number) {
		change({ pageSize: size, page: 1 });
		if (arrangement !== null) arrange({ ...arrangement, pageSize: size });
	}
	const renew = useCallback(
		() => void queryClient.invalidateQueries({ queryKey: ['grid', key] }),
		[queryClient, key],
	);
	return {
		definition,
		address,
		change,
		page,
		pageSize: pageSize ?? unarranged.pageSize,
		setPageSize,
		rows,
		open,
		arrangement,
		arrange,
		isRealtime,
		setRealtime,
		chosen,
		choose,
		patchPages,
		patchOpen,
		renew,
		frame,
	};
}

/** Ticked rows as the page has read them last; those of other pages as they were when they were ticked. */
function asRead<Row>(
	ticked: ChosenRows<Row>,
	rows: readonly Row[],
	rowKey: (row: Row) => string,
): ChosenRows<Row> {
	if (ticked.size === 0) return ticked;
	const read = new Map(rows.map((row) => [rowKey(row), row]));
	return new Map([...ticked].map(([key, row]) => [key, read.get(key) ?? row]));
}

function pageQuery<Row, Reply extends GridReply<Row>>(
	{ key, list }: GridDefinition<Row, Reply>,
	address: GridAddress,
	pageSize: number | null,
) {
	const query = {
		...selectionOf(address),
		page: String(address.page),
		pageSize: String(pageSize),
	};
	return queryOptions({
		queryKey: ['grid', key, 'page', query],
		queryFn: ({ signal }) => call(list, { query }, signal),
		enabled: pageSize !== null,
		placeholderData: keepPreviousData,
	});
}

function useReordering(
	isRealtime: boolean,
	frame: RefObject<HTMLElement | null>,
	refetch: () => Promise<unknown>,
): void {
	useEffect(() => {
		if (!isRealtime) return;
		const timer = setInterval(() => {
			if (document.hidden || frame.current?.matches(':hover, :focus-within')) return;
			void refetch();
		}, reorderEveryMs);
		return () => clearInterval(timer);
	}, [isRealtime, frame, refetch]);
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { ProblemError } from '#web/api/problem.ts';
import type { GridDefinition, GridReply } from './grid.ts';

/** The row whose details are open. */
export interface OpenRow<Row> {
	/** Undefined while it is being read. */
	readonly row: Row | undefined;
	readonly error: Error | null;
	readonly retry: () => void;
}

/** The row of the address: the one of the page if it is there, else asked for by itself. */
export function useOpenRow<Row, Reply extends GridReply<Row>>(
	{ key, rowKey, detail }: GridDefinition<Row, Reply>,
	openKey: string | null,
	rows: readonly Row[] | undefined,
): { open: OpenRow<Row>; patchOpen: (patch: (row: Row) => Row) => void } {
	const queryClient = useQueryClient();
	const listed = rows?.find((row) => rowKey(row) === openKey);
	const queryKey = useMemo(() => ['grid', key, 'row', openKey], [key, openKey]);
	// A row that leaves the page on the next reading stays open with what was known of it.
	useEffect(() => {
		if (listed) queryClient.setQueryData(queryKey, listed);
	}, [listed, queryClient, queryKey]);
	const asked = useQuery<Row>({
		queryKey,
		queryFn: ({ signal }) => {
			if (detail === undefined || openKey === null) throw new Error('no row is open');
			return detail.read(openKey, signal);
		},
		enabled: detail !== undefined && openKey !== null && rows !== undefined && !listed,
	});
	const patchOpen = useCallback(
		(patch: (row: Row) => Row) => {
			queryClient.setQueryData<Row>(queryKey, (row) => (row === undefined ? row : patch(row)));
		},
		[queryClient, queryKey],
	);
	return {
		open: {
			row: listed ?? (openKey === null || isGone(asked.error) ? undefined : asked.data),
			error: listed ? null : asked.error,
			retry: () => void queryClient.refetchQueries({ queryKey }),
		},
		patchOpen,
	};
}

/** What the reader may not see any more is not shown any longer either. */
function isGone(error: Error | null): boolean {
	return error instanceof ProblemError && error.code === 'not_found';
}

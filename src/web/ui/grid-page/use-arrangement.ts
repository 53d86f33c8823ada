import { useDebouncedCallback } from '@mantine/hooks';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { savePreference, showPreference } from '#modules/preferences/contract.ts';
import { call } from '#web/api/call.ts';
import { toastFault } from '../toast.ts';
import { type Arrangement, readArrangement, unarranged } from './arrangement.ts';
import { text } from './text.ts';

const pauseMs = 600;

function arrangementQuery(gridKey: string) {
	const key = `grid.${gridKey}`;
	return queryOptions({
		queryKey: ['preference', key],
		queryFn: async ({ signal }) =>
			readArrangement((await call(showPreference, { params: { key } }, signal)).value),
		staleTime: Number.POSITIVE_INFINITY,
	});
}

/**
 * How the signed-in person arranged a grid, on whatever computer. Null until it is known; a server that cannot tell
 * leaves the grid as it comes.
 */
export function useArrangement(
	gridKey: string,
): [Arrangement | null, (arrangement: Arrangement) => void] {
	const queryClient = useQueryClient();
	const query = arrangementQuery(gridKey);
	const kept = useQuery(query);
	// What was just chosen shows at once, before the cache tells everybody.
	const [chosen, setChosen] = useState<Arrangement | null>(null);
	const save = useDebouncedCallback(
		(value: Arrangement) => {
			call(savePreference, { params: { key: `grid.${gridKey}` }, body: { value } }).catch(
				(error: unknown) =>
					toastFault(
						text('notKept', { reason: error instanceof Error ? error.message : String(error) }),
					),
			);
		},
		{ delay: pauseMs, flushOnUnmount: true },
	);
	return [
		chosen ?? kept.data ?? (kept.isError ? unarranged : null),
		(arrangement) => {
			setChosen(arrangement);
			queryClient.setQueryData(query.queryKey, arrangement);
			save(arrangement);
		},
	];
}

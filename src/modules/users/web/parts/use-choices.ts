import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';
import { text } from '../text.ts';

const pauseMs = 250;

/**
 * Options of a field that the server finds by what was typed, together with those that are chosen.
 * @param kind names what is chosen among
 * @param known how values that were chosen before read
 */
export function useChoices(
	kind: string,
	find: (q: string, signal: AbortSignal) => Promise<readonly FilterOption[]>,
	known: readonly FilterOption[],
	chosen: readonly string[],
) {
	const [typed, setTyped] = useState('');
	const [asked] = useDebouncedValue(typed.trim(), pauseMs);
	const [seen, setSeen] = useState<readonly FilterOption[]>(known);
	const { data, error, isPending } = useQuery({
		queryKey: ['user-choices', kind, asked],
		queryFn: ({ signal }) => find(asked, signal),
		placeholderData: keepPreviousData,
	});
	const found = data ?? [];
	const kept = seen.filter(
		({ value }) => chosen.includes(value) && !found.some((option) => option.value === value),
	);
	return {
		options: [...kept, ...found],
		typed,
		setTyped,
		/** To be told what is chosen now, so that it still reads when the server no longer finds it. */
		keep: (values: readonly string[]) =>
			setSeen([...kept, ...found].filter(({ value }) => values.includes(value))),
		nothingFound: error?.message ?? text(isPending ? 'loading' : 'nothingFound'),
	};
}

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FilterOption, GridFilter } from './grid.ts';

/** How a chosen value reads: by the options, else by a row that has it, else as it is written. */
export function useOptionLabel<Row>(
	gridKey: string,
	filter: GridFilter<Row>,
	value: string | null,
	rows: readonly Row[],
): string {
	const options = useQuery({ ...optionsQuery(gridKey, filter, ''), enabled: value !== null });
	if (value === null) return '';
	const option = options.data?.find((each) => each.value === value);
	const [row] = rows;
	return option?.label ?? (row && filter.labelIn?.(row, value)) ?? value;
}

/** Options that a text finds, kept for the next time. */
export function optionsQuery<Row>(gridKey: string, filter: GridFilter<Row>, typed: string) {
	return {
		queryKey: ['grid', gridKey, 'options', filter.name, typed],
		queryFn: ({ signal }: { signal: AbortSignal }): Promise<readonly FilterOption[]> =>
			filter.options(typed, signal),
		placeholderData: keepPreviousData,
	};
}

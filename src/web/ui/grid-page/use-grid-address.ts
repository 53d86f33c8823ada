import { useCallback, useMemo } from 'react';
import type { z } from 'zod';
import { type SearchChange, useSearchTexts } from '#web/address/use-search-texts.ts';
import { type GridAddress, readGridAddress, writeGridAddress } from './grid-address.ts';

export type ChangeGrid = (part: Partial<GridAddress>, change?: Partial<SearchChange>) => void;

/** The grid's state, which lives in the address, and what changes a part of it. */
export function useGridAddress(query: z.ZodObject | undefined): [GridAddress, ChangeGrid] {
	if (query === undefined) throw new Error('a list endpoint declares its query');
	const [texts, write] = useSearchTexts();
	const address = useMemo(() => readGridAddress(texts, query), [texts, query]);
	const change = useCallback<ChangeGrid>(
		(part, { replace = false } = {}) => {
			write(writeGridAddress({ ...address, ...part }, query), { replace });
		},
		[address, write, query],
	);
	return [address, change];
}

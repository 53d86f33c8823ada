import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { SearchTexts } from './search-text.ts';

export interface SearchChange {
	/** Replaces the entry in the browser's history, for what is not worth a step back (typing, paging rows). */
	readonly replace: boolean;
}

/** The address's search texts and what writes them; they are the one home of a grid's state. */
export function useSearchTexts(): [SearchTexts, (next: SearchTexts, change: SearchChange) => void] {
	const texts: SearchTexts = useSearch({ strict: false });
	const navigate = useNavigate();
	const write = useCallback(
		(next: SearchTexts, { replace }: SearchChange) => {
			void navigate({ to: '.', search: { ...next }, replace });
		},
		[navigate],
	);
	return [texts, write];
}

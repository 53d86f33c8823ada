import { useCallback, useMemo } from 'react';
import { type SearchChange, useSearchTexts } from '#web/address/use-search-texts.ts';
import { type ConsoleAddress, readConsoleAddress, writeConsoleAddress } from './console-address.ts';

export type ChangeConsole = (part: Partial<ConsoleAddress>, change?: Partial<SearchChange>) => void;

/** The console's state, which lives in the address, and what changes a part of it. */
export function useConsoleAddress(): [ConsoleAddress, ChangeConsole] {
	const [texts, write] = useSearchTexts();
	const address = useMemo(() => readConsoleAddress(texts), [texts]);
	const change = useCallback<ChangeConsole>(
		(part, { replace = false } = {}) => {
			write(writeConsoleAddress({ ...address, ...part }), { replace });
		},
		[address, write],
	);
	return [address, change];
}

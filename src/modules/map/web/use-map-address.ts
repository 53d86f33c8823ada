import { useCallback, useEffect, useMemo, useRef } from 'react';
import { type SearchChange, useSearchTexts } from '#web/address/use-search-texts.ts';
import { type MapAddress, readMapAddress, writeMapAddress } from './map-address.ts';

export type ChangeMap = (part: Partial<MapAddress>, change?: Partial<SearchChange>) => void;

/** The map's state, which lives in the address, and what changes a part of it. */
export function useMapAddress(): [MapAddress, ChangeMap] {
	const [texts, write] = useSearchTexts();
	const address = useMemo(() => readMapAddress(texts), [texts]);
	// The map reports its rest long after it was set up: what it changes is the address of then.
	const latest = useRef(address);
	useEffect(() => {
		latest.current = address;
	}, [address]);
	const change = useCallback<ChangeMap>(
		(part, { replace = false } = {}) => {
			latest.current = { ...latest.current, ...part };
			write(writeMapAddress(latest.current), { replace });
		},
		[write],
	);
	return [address, change];
}

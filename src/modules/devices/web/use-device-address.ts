import { useCallback, useMemo } from 'react';
import { useSearchTexts } from '#web/address/use-search-texts.ts';
import { type DeviceAddress, readDeviceAddress, writeDeviceAddress } from './device-address.ts';

export type ChangeDeviceAddress = (part: Partial<DeviceAddress>) => void;

/** The page's state, which lives in the address, and what changes a part of it. */
export function useDeviceAddress(): [DeviceAddress, ChangeDeviceAddress] {
	const [texts, write] = useSearchTexts();
	const address = useMemo(() => readDeviceAddress(texts), [texts]);
	const change = useCallback<ChangeDeviceAddress>(
		(part) => write(writeDeviceAddress({ ...address, ...part }), { replace: true }),
		[address, write],
	);
	return [address, change];
}

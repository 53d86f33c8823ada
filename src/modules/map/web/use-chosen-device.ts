import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { FoundDevice } from '../contract.ts';
import type { MapAddress } from './map-address.ts';
import { mapDeviceQuery, searchQuery } from './queries.ts';
import type { ChangeMap } from './use-map-address.ts';

interface ChosenDevice {
	/** Number of the chosen device; null: none. */
	readonly chosenNo: number | null;
	choose(deviceNo: number | null): void;
}

/**
 * The device whose card stays open. One chosen on the map gets into the address; one that the address names is looked
 * for once `isReady`, chosen, and handed to `onFound`.
 */
export function useChosenDevice(
	address: MapAddress,
	change: ChangeMap,
	isReady: boolean,
	onFound: (device: FoundDevice) => void,
): ChosenDevice {
	const [chosenNo, setChosenNo] = useState<number | null>(null);
	/** The Device ID that was dealt with: the address may hold it a moment longer than the choice. */
	const [knownId, setKnownId] = useState<string | null>(null);
	const latest = useRef(onFound);
	useEffect(() => {
		latest.current = onFound;
	});

	const chosen = useQuery(mapDeviceQuery(chosenNo)).data;
	useEffect(() => {
		if (chosen === undefined || chosen.deviceId === knownId) return;
		setKnownId(chosen.deviceId);
		change({ device: chosen.deviceId }, { replace: true });
	}, [chosen, knownId, change]);

	const askedId = isReady && address.device !== knownId ? address.device : null;
	const asked = useQuery({ ...searchQuery(askedId ?? ''), enabled: askedId !== null }).data;
	const found = asked?.devices.find((each) => each.deviceId === askedId);
	useEffect(() => {
		if (found === undefined) return;
		setKnownId(found.deviceId);
		setChosenNo(found.deviceNo);
		latest.current(found);
	}, [found]);

	const isNone = address.device === null && chosenNo === null;
	useEffect(() => {
		if (isNone) setKnownId(null);
	}, [isNone]);

	return {
		chosenNo,
		choose(deviceNo) {
			setChosenNo(deviceNo);
			if (deviceNo === null && address.device !== null) change({ device: null }, { replace: true });
		},
	};
}

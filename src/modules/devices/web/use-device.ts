import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTopic } from '#web/live/feed.tsx';
import { deviceStateTopic } from '../contract.ts';
import { deviceQuery } from './queries.ts';

/** A device with its state, which changes as the device reports. */
export function useDevice(deviceId: string) {
	const queryClient = useQueryClient();
	const device = useQuery(deviceQuery(deviceId));
	useTopic(
		deviceStateTopic,
		device.data === undefined ? null : { deviceNo: device.data.deviceNo },
		(state) =>
			queryClient.setQueryData(
				deviceQuery(deviceId).queryKey,
				(known) => known && { ...known, state },
			),
	);
	return device;
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { readChanges } from '#contract/position-record.ts';
import { useFeedState, useTopic } from '#web/live/feed.tsx';
import { type MapFilter, mapPositionsTopic } from '../contract.ts';
import { createFleetClient, type FleetClient } from './fleet/fleet-client.ts';
import { snapshotQuery } from './queries.ts';

const rateSeconds = 5;

/**
 * The fleet in its worker: read once, then kept up to date. The snapshot is read when the feed has said that it will
 * miss nothing from now on; without a feed at once, and again when there is one.
 */
export function useLiveFleet(filter: MapFilter) {
	const [fleet, setFleet] = useState<FleetClient | null>(null);
	useEffect(() => {
		const client = createFleetClient();
		setFleet(client);
		return () => client.close();
	}, []);
	return { fleet, ...useFleetOf(fleet, filter) };
}

function useFleetOf(fleet: FleetClient | null, filter: MapFilter) {
	const key = JSON.stringify(filter);
	const [readyFor, setReadyFor] = useState<string | null>(null);
	const [perSecond, setPerSecond] = useState(0);
	const counted = useRef(0);
	const queryClient = useQueryClient();
	const { phase } = useFeedState();

	useTopic(mapPositionsTopic, fleet === null ? null : filter, (message) => {
		const { words } = readChanges(message.buffer);
		if (words.length === 0) {
			if (readyFor === key) void queryClient.invalidateQueries({ queryKey: ['map', 'snapshot'] });
			else setReadyFor(key);
			return;
		}
		counted.current += words.length / 4;
		fleet?.change(message.buffer);
	});

	useEffect(() => {
		const timer = setInterval(() => {
			setPerSecond(Math.round(counted.current / rateSeconds));
			counted.current = 0;
		}, rateSeconds * 1_000);
		return () => clearInterval(timer);
	}, []);

	const snapshot = useQuery({
		...snapshotQuery(fleet, filter),
		enabled: readyFor === key || phase === 'waiting',
	});
	return { snapshot, perSecond };
}

import { createContext, type ReactNode, use, useEffect, useRef, useSyncExternalStore } from 'react';
import type { z } from 'zod';
import type { Topic } from '#contract/topic.ts';
import type { FeedState, LiveClient } from './client.ts';

const ClientContext = createContext<LiveClient | null>(null);

interface LiveFeedProps {
	readonly client: LiveClient;
	readonly children: ReactNode;
}

/** Keeps the WebSocket open while what is inside is on the page. */
export function LiveFeed({ client, children }: LiveFeedProps) {
	useEffect(() => {
		const hurry = () => {
			if (!document.hidden) client.hurry();
		};
		client.connect();
		addEventListener('online', hurry);
		document.addEventListener('visibilitychange', hurry);
		return () => {
			removeEventListener('online', hurry);
			document.removeEventListener('visibilitychange', hurry);
			client.close();
		};
	}, [client]);
	return <ClientContext value={client}>{children}</ClientContext>;
}

function useLiveClient(): LiveClient {
	const client = use(ClientContext);
	if (!client) throw new Error('the live feed is only inside the shell');
	return client;
}

/** How things stand between this page and the server. */
export function useFeedState(): FeedState {
	const client = useLiveClient();
	return useSyncExternalStore(client.onState, client.state);
}

/** Calls back when messages may have been missed, so that what is shown has to be fetched again. */
export function useRecovery(onRecovered: () => void): void {
	const client = useLiveClient();
	const latest = useRef(onRecovered);
	useEffect(() => {
		latest.current = onRecovered;
	});
	useEffect(() => client.onRecovered(() => latest.current()), [client]);
}

/**
 * Receives a topic's messages while `params` are given; null pauses. Parameters are compared by their JSON, so a new
 * array of the same numbers does not subscribe again.
 */
export function useTopic<Params extends z.ZodType, Message extends z.ZodType>(
	topic: Topic<Params, Message>,
	params: z.input<Params> | null,
	onMessage: (message: z.output<Message>) => void,
): void {
	const client = useLiveClient();
	const latest = useRef(onMessage);
	useEffect(() => {
		latest.current = onMessage;
	});
	const key = params === null ? null : JSON.stringify(params);
	useEffect(() => {
		if (key === null) return;
		return client.subscribe(topic.name, JSON.parse(key), {
			onMessage(message) {
				const parsed = topic.message.safeParse(message);
				if (parsed.success) latest.current(parsed.data);
				else
					console.error(`A message of ${topic.name} is not what this page expects`, parsed.error);
			},
			onRefused(code, detail) {
				console.error(`The server refuses ${topic.name}: ${code} ${detail}`);
			},
		});
	}, [client, topic, key]);
}

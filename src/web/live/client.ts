import {
	beatIntervalMs,
	binaryPrefixBytes,
	type LiveRequest,
	liveMessageSchema,
} from '#contract/live.ts';

/** How things stand between this page and the server. Instants are of the browser's clock. */
export interface FeedState {
	/** `ended`: the server says that the session is over. */
	readonly phase: 'connecting' | 'open' | 'waiting' | 'ended' | 'closed';
	/** Nothing came for two beats although the connection looks open. */
	readonly isSilent: boolean;
	/** Since when nothing can be known; null while all is well. */
	readonly lostAtMs: number | null;
	/** When the server last said anything. */
	readonly lastWordAtMs: number | null;
	/** Since when the server's database does not answer; null while it does. */
	readonly databaseDownAtMs: number | null;
}

export interface Subscriber {
	onMessage(message: unknown): void;
	/** The server will not send this topic: the role may not, or the parameters are wrong. */
	onRefused(code: string, detail: string): void;
}

export interface LiveClient {
	connect(): void;
	close(): void;
	/** Stops waiting for the next attempt and tries now, e.g. when the browser comes online. */
	hurry(): void;
	/** Returns what ends the subscription. Subscriptions survive a lost connection. */
	subscribe(topic: string, params: unknown, subscriber: Subscriber): () => void;
	state(): FeedState;
	onState(listener: () => void): () => void;
	/** Called when messages may have been missed: connected again, or the database is back. */
	onRecovered(listener: () => void): () => void;
}

export interface LiveClientOptions {
	readonly url: string;
	readonly firstDelayMs?: number;
	readonly longestDelayMs?: number;
	readonly beatMs?: number;
}

/** Close code with which the server says that the session ended. */
export const sessionEndedCode = 4401;

const missedBeatsToDoubt = 2;
const missedBeatsToReconnect = 4;

/** The page's one WebSocket: reconnects with jittered back-off and takes its subscriptions up again. */
export function createLiveClient({
	url,
	firstDelayMs = 500,
	longestDelayMs = 10_000,
	beatMs = beatIntervalMs,
}: LiveClientOptions): LiveClient {
	const stateListeners = new Set<() => void>();
	const recoveryListeners = new Set<() => void>();
	const subscriptions = new Map<
		number,
		{ topic: string; params: unknown; subscriber: Subscriber }
	>();
	let state: FeedState = {
		phase: 'closed',
		isSilent: false,
		lostAtMs: null,
		lastWordAtMs: null,
		databaseDownAtMs: null,
	};
	let socket: WebSocket | null = null;
	let lastSubscription = 0;
	let attempts = 0;
	let wasOpen = false;
	let retryTimer: ReturnType<typeof setTimeout> | undefined;
	let silenceTimer: ReturnType<typeof setTimeout> | undefined;

	function change(part: Partial<FeedState>): void {
		state = { ...state, ...part };
		for (const listener of stateListeners) listener();
	}

	function recovered(): void {
		for (const listener of recoveryListeners) listener();
	}

	function send(request: LiveRequest): void {
		if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
	}

	function open(): void {
		clearTimeout(retryTimer);
		change({ phase: 'connecting', lostAtMs: state.lostAtMs ?? Date.now() });
		const opened = new WebSocket(url);
		opened.binaryType = 'arraybuffer';
		socket = opened;
		opened.onopen = () => {
			change({ phase: 'open', isSilent: false });
			listenForSilence();
			for (const [subscription, { topic, params }] of subscriptions) {
				send({ type: 'subscribe', subscription, topic, params });
			}
			if (wasOpen) recovered();
			wasOpen = true;
		};
		opened.onmessage = (event) => {
			if (socket !== opened) return;
			if (event.data instanceof ArrayBuffer) receiveBytes(event.data);
			else receive(String(event.data));
		};
		opened.onclose = (event) => {
			if (socket === opened) lost(event.code);
		};
	}

	function receive(data: string): void {
		const parsed = liveMessageSchema.safeParse(JSON.parse(data));
		if (!parsed.success) return;
		attempts = 0;
		listenForSilence();
		const message = parsed.data;
		const nowMs = Date.now();
		const downBefore = state.databaseDownAtMs;
		const isDown = message.type === 'beat' ? message.database === 'down' : downBefore !== null;
		const databaseDownAtMs = isDown ? (downBefore ?? nowMs) : null;
		change({ isSilent: false, lostAtMs: null, lastWordAtMs: nowMs, databaseDownAtMs });
		if (downBefore !== null && !isDown) recovered();
		if (message.type === 'message') {
			subscriptions.get(message.subscription)?.subscriber.onMessage(message.message);
		} else if (message.type === 'refused') {
			subscriptions.get(message.subscription)?.subscriber.onRefused(message.code, message.detail);
		}
	}

	function receiveBytes(frame: ArrayBuffer): void {
		attempts = 0;
		listenForSilence();
		change({ isSilent: false, lostAtMs: null, lastWordAtMs: Date.now() });
		const subscription = new DataView(frame).getUint32(0, true);
		// A copy of its own begins at its first byte, as typed arrays over it need.
		subscriptions
			.get(subscription)
			?.subscriber.onMessage(new Uint8Array(frame.slice(binaryPrefixBytes)));
	}

	function lost(code: number): void {
		socket = null;
		clearTimeout(silenceTimer);
		if (code === sessionEndedCode) {
			change({ phase: 'ended', isSilent: false });
			return;
		}
		change({ phase: 'waiting', isSilent: false, lostAtMs: state.lostAtMs ?? Date.now() });
		const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** attempts);
		attempts += 1;
		retryTimer = setTimeout(open, ceiling * (0.5 + Math.random() / 2));
	}

	/** A connection whose other end is gone stays "open" for minutes; missing beats tell sooner. */
	function listenForSilence(): void {
		clearTimeout(silenceTimer);
		silenceTimer = setTimeout(() => {
			change({ isSilent: true, lostAtMs: state.lostAtMs ?? state.lastWordAtMs });
			silenceTimer = setTimeout(
				() => {
					const deaf = socket;
					lost(1006);
					deaf?.close();
				},
				beatMs * (missedBeatsToReconnect - missedBeatsToDoubt),
			);
		}, beatMs * missedBeatsToDoubt);
	}

	return {
		connect() {
			if (state.phase === 'closed' || state.phase === 'ended') open();
		},
		close() {
			clearTimeout(retryTimer);
			clearTimeout(silenceTimer);
			const closing = socket;
			socket = null;
			closing?.close();
			wasOpen = false;
			attempts = 0;
			change({ phase: 'closed', isSilent: false, lostAtMs: null });
		},
		hurry() {
			if (state.phase === 'waiting') open();
		},
		subscribe(topic, params, subscriber) {
			lastSubscription += 1;
			const subscription = lastSubscription;
			subscriptions.set(subscription, { topic, params, subscriber });
			send({ type: 'subscribe', subscription, topic, params });
			return () => {
				subscriptions.delete(subscription);
				send({ type: 'unsubscribe', subscription });
			};
		},
		state: () => state,
		onState(listener) {
			stateListeners.add(listener);
			return () => stateListeners.delete(listener);
		},
		onRecovered(listener) {
			recoveryListeners.add(listener);
			return () => recoveryListeners.delete(listener);
		},
	};
}

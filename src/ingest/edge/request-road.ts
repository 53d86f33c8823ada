import { setTimeout } from 'node:timers/promises';
import { deviceIdPattern } from '#contract/device-topics.ts';
import { fault } from '#contract/faults.ts';
import { recogniseResult } from '../chain/answer.ts';
import { recognise } from '../chain/recognise.ts';
import type { DeviceMessage, MessageContent } from '../message.ts';
import { Unreadable } from '../outcome.ts';
import type { AuthenticatedDevice, Recognition } from './device-directory.ts';
import type { EdgeOptions } from './edge-options.ts';
import type { DeviceTransport } from './observer.ts';

/** A commit that takes longer is not waited for: the device asks again, and a repetition counts once. */
const commitPatienceMs = 30_000;
/** Pause that a device is asked for while the database is away or too much waits for it. */
const retryAfterSeconds = 5;
/** A request is answered more slowly the more of them failed, but no client waits half a minute for a 401. */
const longestRefusalDelayMs = 5_000;

/** A message that comes as a request, whose answer says that it is stored. */
export interface RequestMessage {
	readonly device: AuthenticatedDevice;
	readonly content: MessageContent;
	readonly topic: string;
	readonly body: Buffer;
	/** Whether the device has gone without an answer. */
	isGone(): boolean;
}

/** The road for messages that come as requests: who sends them, within which bounds, and when they are stored. */
export class RequestRoad {
	readonly #options: EdgeOptions;
	readonly #transport: DeviceTransport;

	constructor(options: EdgeOptions, transport: DeviceTransport) {
		this.#options = options;
		this.#transport = transport;
	}

	/**
	 * The device that sends a request; null when it is none, after the pause that its failures earn.
	 * @param key null where it gave none @throws Fault when the database is away
	 */
	async recognise(
		deviceId: string,
		key: string | null,
		address: string,
	): Promise<AuthenticatedDevice | null> {
		const { directory, attempts, observer, counters, clock } = this.#options;
		this.#expectDatabase();
		const isPossible =
			deviceIdPattern.test(deviceId) && (key !== null || this.#transport === 'osmand');
		const found: Recognition = !isPossible
			? { device: null, deviceNo: null }
			: key === null
				? await directory.findWithoutKey(deviceId)
				: await directory.authenticate(deviceId, Buffer.from(key));
		if (found.device !== null) {
			attempts.succeeded(address, deviceId);
			return found.device;
		}
		const reason = key === null ? 'no_key' : 'wrong_key';
		counters.refused(reason);
		const { deviceNo } = found;
		observer.refused({ deviceNo, transport: this.#transport, address, reason, atMs: clock() });
		const delayMs = attempts.failed(address, deviceId);
		await setTimeout(Math.min(delayMs, longestRefusalDelayMs), undefined, { ref: false });
		return null;
	}

	/** @throws Fault when the device sends faster than it may */
	admit({ deviceNo }: AuthenticatedDevice): void {
		const waitMs = this.#options.rates.admit(deviceNo);
		if (waitMs === 0) return;
		this.#options.observer.limited({
			deviceNo,
			limit: 'message_rate',
			atMs: this.#options.clock(),
		});
		throw fault('too_many_requests', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
	}

	/** A device sent a larger message than it may. */
	tooLarge(device: AuthenticatedDevice | null): void {
		const { counters, observer, clock } = this.#options;
		counters.dropped('packet_too_large');
		if (device !== null)
			observer.limited({ deviceNo: device.deviceNo, limit: 'message_size', atMs: clock() });
	}

	/**
	 * Resolves when the message is stored. @throws Fault when it cannot be read, and is parked; when too much waits, or
	 * the database is away
	 */
	async store({ device, content, topic, body, isGone }: RequestMessage): Promise<void> {
		this.#expectDatabase();
		const { bus, counters, observer, clock } = this.#options;
		const { deviceNo } = device;
		const receivedAtMs = clock();
		counters.received(1);
		observer.received({ deviceNo, transport: this.#transport, topic, body, atMs: receivedAtMs });
		const patience = new AbortController();
		const committed = Promise.withResolvers<void>();
		const message: DeviceMessage = {
			deviceNo,
			content,
			topic,
			body,
			receivedAtMs,
			isAbandoned: () => patience.signal.aborted || isGone(),
			acknowledge: () => committed.resolve(),
		};
		if (!bus.offer(message)) {
			counters.dropped('bus_full');
			throw fault('overloaded', { retryAfterSeconds });
		}
		const timer = globalThis.setTimeout(() => {
			patience.abort();
			committed.reject(fault('overloaded', { retryAfterSeconds }));
		}, commitPatienceMs);
		try {
			await committed.promise;
		} finally {
			clearTimeout(timer);
		}
		const reason = whyUnreadable(message);
		if (reason !== null) throw fault('message_unreadable', { reason });
	}

	#expectDatabase(): void {
		if (!this.#options.isDatabaseUp()) throw fault('database_unavailable', { retryAfterSeconds });
	}
}

/** Why the chain parked a message; null: it did not. */
function whyUnreadable(message: DeviceMessage): string | null {
	try {
		if (message.content.kind === 'telemetry') recognise(message);
		else recogniseResult(message, message.content.commandId);
		return null;
	} catch (error) {
		if (error instanceof Unreadable) return error.message;
		throw error;
	}
}

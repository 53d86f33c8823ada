import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import type { DeviceBus } from '../bus/port.ts';
import type { FailedAttempts } from './attempts.ts';
import type { CommandLines } from './command-lines.ts';
import type { DeviceDirectory } from './device-directory.ts';
import type { MessageRates } from './message-rates.ts';
import type { EdgeObserver } from './observer.ts';

/** What an edge counts. */
export interface EdgeCounters {
	received(qos: number): void;
	dropped(reason: string): void;
	refused(reason: string): void;
}

/** What every edge is given. */
export interface EdgeOptions {
	readonly bus: DeviceBus;
	readonly directory: DeviceDirectory;
	readonly attempts: FailedAttempts;
	readonly lines: CommandLines;
	readonly rates: MessageRates;
	readonly observer: EdgeObserver;
	readonly clock: Clock;
	readonly log: Log;
	/** Largest message of a device; of MQTT the whole packet. */
	readonly messageMaxBytes: number;
	/** False while the database has been gone for some seconds: devices are told to come again. */
	isDatabaseUp(): boolean;
	readonly counters: EdgeCounters;
}

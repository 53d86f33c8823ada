import type { BusEntry, DeviceMessage } from '../message.ts';

/** Bodies handed over at once: what a batch makes of them takes many times the memory. */
export const maxTakenBytes = 8 * 1024 * 1024;
/** Readings handed over at once: a megabyte of the smallest holds a hundred thousand. */
export const maxTakenReadings = 10_000;

/**
 * Carries device messages from the edges to the lanes, in order for each device. A partition has one consumer. The
 * in-process bus is the default; one on NATS JetStream serves several nodes.
 */
export interface DeviceBus {
	readonly partitionCount: number;
	/** False when the bus is full: the message was not taken, and the edge refuses or drops it. */
	offer(message: DeviceMessage): boolean;
	/** Tells the device's lane of a change; resolves when the lane has taken notice. */
	change(deviceNo: number): Promise<void>;
	/**
	 * Waits for entries of a partition, then gathers for up to `lingerMs` unless `max` are there already.
	 * @returns at least one entry, and more until they reach {@link maxTakenBytes} or {@link maxTakenReadings}; none
	 * when the bus was closed
	 */
	take(partition: number, max: number, lingerMs: number): Promise<BusEntry[]>;
	/** Bytes waiting, and how long the oldest entry has waited. */
	depth(nowMs: number): { bytes: number; lagMs: number };
	close(): void;
}

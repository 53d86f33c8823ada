import type { DeviceBus } from './bus/port.ts';
import { telemetry } from './message.ts';

/** A parked message as it is stored. */
export interface ParkedMessage {
	readonly parkedNo: number;
	readonly deviceNo: number;
	readonly topic: string;
	/** The command that it answers; null for readings. */
	readonly commandId: string | null;
	readonly body: Buffer;
	readonly receivedAtMs: number;
}

/**
 * Puts a parked message on the road again, as received when it was. The commit that stores it takes the parked one away;
 * where it fails again, the parked one has the new reason afterwards; where its device is not registered any more,
 * nothing changes.
 * @returns what resolves when it is settled, or null when the bus is full
 */
export function replay(bus: DeviceBus, parked: ParkedMessage): Promise<void> | null {
	const { commandId, ...message } = parked;
	const { promise, resolve } = Promise.withResolvers<void>();
	const isTaken = bus.offer({
		...message,
		content: commandId === null ? telemetry : { kind: 'command_result', commandId },
		isAbandoned: () => false,
		acknowledge: resolve,
	});
	return isTaken ? promise : null;
}

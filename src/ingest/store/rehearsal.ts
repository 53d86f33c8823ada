import type { BatchResult } from '../batch.ts';
import type { CommandResult } from '../command-result.ts';
import { type DeviceMessage, telemetry } from '../message.ts';
import { newReading } from '../reading.ts';
import { blankSnapshot } from '../snapshot.ts';

/** Devices and parked messages are counted from 1. */
const nobody = 0;

/** A batch with one of everything a message can come to, of a device that is none; it is never committed. */
export function rehearsedBatch(nowMs: number): BatchResult {
	const message = rehearsedMessage(nowMs);
	const device = {
		deviceNo: nobody,
		organizationNo: nobody,
		dealerNo: null,
		customerNo: null,
		family: 'ev' as const,
		vehicleNo: null,
	};
	const time = { atMs: nowMs, hasDeviceTime: false, rejectedTime: null };
	return {
		readings: [newReading(message, {}, null, -1, time)],
		snapshots: [blankSnapshot(device)],
		facts: [{ device, kind: 'rehearsal', atMs: nowMs, details: {} }],
		parked: [{ message, reason: 'failed', detail: '' }],
		unparked: [nobody],
		lateWindows: [{ deviceNo: nobody, fromMs: nowMs, toMs: nowMs }],
	};
}

export function rehearsedResult(nowMs: number): CommandResult {
	return { message: rehearsedMessage(nowMs), commandId: '', status: 'DONE', reason: null };
}

function rehearsedMessage(receivedAtMs: number): DeviceMessage {
	return {
		deviceNo: nobody,
		content: telemetry,
		topic: '',
		body: Buffer.alloc(0),
		receivedAtMs,
		isAbandoned: () => false,
		acknowledge: () => {},
	};
}

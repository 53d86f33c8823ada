import type { DeviceWord } from '#contract/device-condition.ts';
import { isLiveAt } from '#contract/status.ts';
import type { DeviceIdentity } from '#web/device-offer.ts';
import type { DeviceDetails } from '../contract.ts';
import { text } from './text.ts';

/** By what a person calls the device: the VIN of its vehicle, else its name, else its Device ID. */
export function callName(device: DeviceDetails): string {
	return device.vin ?? device.name ?? device.deviceId;
}

/** What contributions of other modules are told of the device. */
export function identityOf(device: DeviceDetails): DeviceIdentity {
	const { deviceId, deviceNo, family, vin, name, customerName, place } = device;
	return { deviceId, deviceNo, family, vin, name, customerName, place };
}

/** What rules about commands are told of the device. */
export function wordOf(device: DeviceDetails): DeviceWord {
	const { family, reportingIntervalSeconds, state } = device;
	const { status, lastHeardAtMs, engineAtMs, values } = state;
	return {
		family,
		status,
		reportingIntervalSeconds,
		lastHeardAtMs,
		runState: typeof values.run_state === 'string' ? values.run_state : null,
		runStateAtMs: engineAtMs,
	};
}

/** Silent for so long that its values are history. */
export function isStale({ state: { status } }: DeviceDetails): boolean {
	return status === 'offline' || status === 'not_communicating';
}

/** Heard within three of its reporting intervals. */
export function isLive(device: DeviceDetails, nowMs: number): boolean {
	const { lastHeardAtMs } = device.state;
	const { reportingIntervalSeconds } = device;
	return isLiveAt({ lastHeardAtMs, reportingIntervalSeconds }, nowMs);
}

/** A length of time in its largest units: `45 s`, `12 min`, `3 h 5 min`. */
export function durationText(seconds: number): string {
	if (seconds < 60) return text('seconds', { value: Math.round(seconds) });
	const minutes = Math.round(seconds / 60);
	if (minutes < 60) return text('minutes', { value: minutes });
	return text('hoursMinutes', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

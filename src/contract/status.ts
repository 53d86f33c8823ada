import { z } from 'zod';
import type { DeviceFamily } from './family.ts';

/** The six statuses in the order in which chips, legends and counts show them. Every device has exactly one. */
export const statuses = [
	'moving',
	'stopped',
	'ignition_off',
	'charging',
	'offline',
	'not_communicating',
] as const;
export const statusSchema = z.enum(statuses);
export type Status = z.infer<typeof statusSchema>;

export const statusLabels: Record<Status, string> = {
	moving: 'Moving',
	stopped: 'Stopped',
	ignition_off: 'Ignition Off',
	charging: 'Charging',
	offline: 'Offline',
	not_communicating: 'Not Communicating',
};

const engineLabels: Partial<Record<Status, string>> = {
	moving: 'Running',
	stopped: 'Standby',
	ignition_off: 'Stopped',
};

/** How a status reads for a device of this family: engine controllers run, stand by and stop. */
export function statusLabel(status: Status, family: DeviceFamily): string {
	return family === 'ev' ? statusLabels[status] : (engineLabels[status] ?? statusLabels[status]);
}

const hourMs = 3_600_000;
/** Older than this: Offline. Exactly this old is not yet offline. */
export const offlineAfterMs = 24 * hourMs;
/** This old or older: Not Communicating. */
export const notCommunicatingAfterMs = 72 * hourMs;

/** What a device last said about itself, as far as the status depends on it. `null`: it never said. */
export interface Activity {
	readonly isEngine: boolean;
	readonly charging: boolean | null;
	readonly ignition: boolean | null;
	readonly speedKmh: number | null;
	readonly runState: string | null;
}

/** The status of a device that is being heard: everything but its age. */
export type ActivityStatus = Exclude<Status, 'offline' | 'not_communicating'>;

/** What the device is doing by its own last word (requirements 1, rules 3 to 6; engine controllers by run state). */
export function activityStatus(activity: Activity): ActivityStatus {
	if (activity.charging === true) return 'charging';
	if (activity.isEngine) return engineStatus(activity.runState);
	const isMoving = (activity.speedKmh ?? 0) > 0;
	if (activity.ignition === false) return 'ignition_off';
	if (isMoving) return 'moving';
	return activity.ignition === null ? 'ignition_off' : 'stopped';
}

function engineStatus(runState: string | null): ActivityStatus {
	switch (runState) {
		case 'running':
		case 'starting':
		case 'cooling':
			return 'moving';
		case 'standby':
			return 'stopped';
		default:
			return 'ignition_off';
	}
}

/**
 * The one status of a device at an instant (epoch milliseconds). `lastHeardAtMs` is the server's receipt of the last
 * authenticated message, `null` if it never spoke.
 */
export function statusAt(activity: Activity, lastHeardAtMs: number | null, nowMs: number): Status {
	return agedStatus(activityStatus(activity), lastHeardAtMs, nowMs);
}

/** The same rule when the activity is known already: age first, then what the device is doing. */
export function agedStatus(
	active: ActivityStatus,
	lastHeardAtMs: number | null,
	nowMs: number,
): Status {
	if (lastHeardAtMs === null) return 'not_communicating';
	const ageMs = nowMs - lastHeardAtMs;
	if (ageMs >= notCommunicatingAfterMs) return 'not_communicating';
	if (ageMs > offlineAfterMs) return 'offline';
	return active;
}

/**
 * The next instant (epoch milliseconds) at which silence alone changes the status, or Infinity when it no longer will.
 */
export function nextStatusChangeAtMs(lastHeardAtMs: number | null, nowMs: number): number {
	if (lastHeardAtMs === null) return Number.POSITIVE_INFINITY;
	const ageMs = nowMs - lastHeardAtMs;
	if (ageMs >= notCommunicatingAfterMs) return Number.POSITIVE_INFINITY;
	if (ageMs > offlineAfterMs) return lastHeardAtMs + notCommunicatingAfterMs;
	return lastHeardAtMs + offlineAfterMs + 1;
}

/** How many devices have each status. */
export const statusCountsSchema = z.object({
	moving: z.int(),
	stopped: z.int(),
	ignition_off: z.int(),
	charging: z.int(),
	offline: z.int(),
	not_communicating: z.int(),
});
export type StatusCounts = z.infer<typeof statusCountsSchema>;

/** A device counts as live while it was heard within this many reporting intervals. */
export const liveIntervals = 3;

/** Whether a device was heard within {@link liveIntervals} of its reporting intervals. */
export function isLiveAt(
	device: { readonly lastHeardAtMs: number | null; readonly reportingIntervalSeconds: number },
	nowMs: number,
): boolean {
	const { lastHeardAtMs, reportingIntervalSeconds } = device;
	return (
		lastHeardAtMs !== null &&
		nowMs - lastHeardAtMs <= liveIntervals * reportingIntervalSeconds * 1_000
	);
}

import type { DeviceFamily } from '#contract/family.ts';
import { type Belonging, isInScope, type Scope } from '#contract/scope.ts';
import {
	type ActivityStatus,
	agedStatus,
	nextStatusChangeAtMs,
	type Status,
	type StatusCounts,
	statuses,
} from '#contract/status.ts';

/** A device as the index takes it in. */
export interface IndexedDevice extends Belonging {
	readonly deviceNo: number;
	readonly family: DeviceFamily;
}

/** Nobody: free place of a number that no device has (identity columns begin at 1). */
const none = 0;
const noStatus = 255;

/** Devices of one dealer's one customer: the smallest set whose counts are kept. */
interface Group extends Belonging {
	readonly counts: Int32Array;
}

/**
 * The whole fleet in memory, in typed arrays by device number: to whom each device belongs and what its status is.
 * Counts are kept as statuses change, so that asking costs nothing; silence is swept ({@link sweep}).
 */
export class FleetIndex {
	#capacity = 1_024;
	#organizationNo = new Int32Array(this.#capacity);
	#dealerNo = new Int32Array(this.#capacity);
	#customerNo = new Int32Array(this.#capacity);
	#revision = new Float64Array(this.#capacity);
	#activity = new Uint8Array(this.#capacity);
	#status = new Uint8Array(this.#capacity).fill(noStatus);
	#lastHeardAtMs = new Float64Array(this.#capacity).fill(Number.NaN);
	#nextChangeAtMs = new Float64Array(this.#capacity).fill(Number.POSITIVE_INFINITY);
	readonly #groups = new Map<number, Map<string, Group>>();
	#devices = 0;
	/** Numbers up to this one may be in use. */
	#highestNo = 0;

	get devices(): number {
		return this.#devices;
	}

	/** Adds a device or changes to whom it belongs; its status stays until {@link update}. */
	place(device: IndexedDevice, nowMs: number): void {
		const { deviceNo } = device;
		this.#grow(deviceNo);
		const isNew = this.#organizationNo[deviceNo] === none;
		if (isNew) {
			this.#devices++;
			this.#revision[deviceNo] = 0;
			this.#activity[deviceNo] = statuses.indexOf('ignition_off');
			this.#lastHeardAtMs[deviceNo] = Number.NaN;
		} else this.#count(deviceNo, -1);
		this.#organizationNo[deviceNo] = device.organizationNo;
		this.#dealerNo[deviceNo] = device.dealerNo ?? none;
		this.#customerNo[deviceNo] = device.customerNo ?? none;
		if (isNew) this.#status[deviceNo] = statuses.indexOf('not_communicating');
		this.#count(deviceNo, 1);
		if (!isNew) this.#refresh(deviceNo, nowMs);
	}

	/** A device is retired or gone. */
	remove(deviceNo: number): void {
		if (!this.has(deviceNo)) return;
		this.#count(deviceNo, -1);
		this.#devices--;
		this.#organizationNo[deviceNo] = none;
		this.#status[deviceNo] = noStatus;
		this.#nextChangeAtMs[deviceNo] = Number.POSITIVE_INFINITY;
	}

	/**
	 * Takes in what a commit made of a device; an older revision than the one known changes nothing.
	 * @returns whether the status changed
	 */
	update(
		deviceNo: number,
		revision: number,
		lastHeardAtMs: number | null,
		activity: ActivityStatus,
		nowMs: number,
	): boolean {
		if (!this.has(deviceNo) || revision < this.#revision[deviceNo]!) return false;
		this.#revision[deviceNo] = revision;
		this.#lastHeardAtMs[deviceNo] = lastHeardAtMs ?? Number.NaN;
		this.#activity[deviceNo] = statuses.indexOf(activity);
		return this.#refresh(deviceNo, nowMs);
	}

	has(deviceNo: number): boolean {
		return deviceNo <= this.#highestNo && this.#organizationNo[deviceNo] !== none;
	}

	status(deviceNo: number): Status {
		return statuses[this.#status[deviceNo]!] ?? 'not_communicating';
	}

	isInScope(scope: Scope, deviceNo: number): boolean {
		return this.has(deviceNo) && isInScope(scope, deviceNo, this.#belonging(deviceNo));
	}

	/** Devices per status in the scope; the six add up to all of its devices. */
	counts(scope: Scope): StatusCounts {
		const sums = new Int32Array(statuses.length);
		if (scope.deviceNos !== null) {
			for (const deviceNo of new Set(scope.deviceNos))
				if (this.isInScope(scope, deviceNo)) sums[this.#status[deviceNo]!]!++;
		} else
			for (const group of this.#groups.get(scope.organizationNo)?.values() ?? [])
				if (isInScope(scope, none, group))
					group.counts.forEach((count, status) => {
						sums[status]! += count;
					});
		return {
			moving: sums[0]!,
			stopped: sums[1]!,
			ignition_off: sums[2]!,
			charging: sums[3]!,
			offline: sums[4]!,
			not_communicating: sums[5]!,
		};
	}

	/** Moves every device on whose silence has changed its status. @returns their numbers */
	sweep(nowMs: number): number[] {
		const changed: number[] = [];
		const next = this.#nextChangeAtMs;
		for (let deviceNo = 1; deviceNo <= this.#highestNo; deviceNo++)
			if (next[deviceNo]! <= nowMs && this.#refresh(deviceNo, nowMs)) changed.push(deviceNo);
		return changed;
	}

	/** Works out the status anew. A clock stepped back asks again later. */
	#refresh(deviceNo: number, nowMs: number): boolean {
		const heard = this.#lastHeardAtMs[deviceNo]!;
		const lastHeardAtMs = Number.isNaN(heard) ? null : heard;
		const active = statuses[this.#activity[deviceNo]!] as ActivityStatus;
		this.#nextChangeAtMs[deviceNo] = nextStatusChangeAtMs(lastHeardAtMs, nowMs);
		const status = statuses.indexOf(agedStatus(active, lastHeardAtMs, nowMs));
		if (status === this.#status[deviceNo]) return false;
		this.#count(deviceNo, -1);
		this.#status[deviceNo] = status;
		this.#count(deviceNo, 1);
		return true;
	}

	#belonging(deviceNo: number): Belonging {
		return {
			organizationNo: this.#organizationNo[deviceNo]!,
			dealerNo: this.#dealerNo[deviceNo]! || null,
			customerNo: this.#customerNo[deviceNo]! || null,
		};
	}

	#count(deviceNo: number, by: 1 | -1): void {
		const organizationNo = this.#organizationNo[deviceNo]!;
		let groups = this.#groups.get(organizationNo);
		if (groups === undefined) {
			groups = new Map();
			this.#groups.set(organizationNo, groups);
		}
		const key = `${this.#dealerNo[deviceNo]}/${this.#customerNo[deviceNo]}`;
		let group = groups.get(key);
		if (group === undefined) {
			group = { ...this.#belonging(deviceNo), counts: new Int32Array(statuses.length) };
			groups.set(key, group);
		}
		group.counts[this.#status[deviceNo]!]! += by;
	}

	#grow(deviceNo: number): void {
		this.#highestNo = Math.max(this.#highestNo, deviceNo);
		if (deviceNo < this.#capacity) return;
		const before = this.#capacity;
		while (this.#capacity <= deviceNo) this.#capacity *= 2;
		this.#organizationNo = grown(this.#organizationNo, new Int32Array(this.#capacity));
		this.#dealerNo = grown(this.#dealerNo, new Int32Array(this.#capacity));
		this.#customerNo = grown(this.#customerNo, new Int32Array(this.#capacity));
		this.#revision = grown(this.#revision, new Float64Array(this.#capacity));
		this.#activity = grown(this.#activity, new Uint8Array(this.#capacity));
		this.#status = grown(this.#status, new Uint8Array(this.#capacity).fill(noStatus, before));
		this.#lastHeardAtMs = grown(
			this.#lastHeardAtMs,
			new Float64Array(this.#capacity).fill(Number.NaN, before),
		);
		this.#nextChangeAtMs = grown(
			this.#nextChangeAtMs,
			new Float64Array(this.#capacity).fill(Number.POSITIVE_INFINITY, before),
		);
	}
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
	to.set(from);
	return to;
}

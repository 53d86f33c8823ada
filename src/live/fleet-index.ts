import { type DeviceFamily, deviceFamilies } from '#contract/family.ts';
import { mercatorX, mercatorY } from '#contract/mercator.ts';
import { type Belonging, isInScope, type Scope } from '#contract/scope.ts';
import {
	type ActivityStatus,
	agedStatus,
	nextStatusChangeAtMs,
	type Status,
	type StatusCounts,
	statuses,
} from '#contract/status.ts';
import {
	type FleetBuffers,
	type FleetColumns,
	fleetBuffers,
	fleetColumns,
	none,
	noStatus,
} from './fleet-columns.ts';

/** A device as the index takes it in. */
export interface IndexedDevice extends Belonging {
	readonly deviceNo: number;
	readonly family: DeviceFamily;
	/** What it is fitted to. */
	readonly vehicleNo: number | null;
}

/** What a commit made of a device, as far as the fleet is counted, filtered, put in order and drawn by it. */
export interface IndexedState {
	readonly revision: number;
	/** Epoch milliseconds; null: never. */
	readonly lastHeardAtMs: number | null;
	readonly activity: ActivityStatus;
	readonly socPct: number | null;
	readonly rangeKm: number | null;
	readonly odometerKm: number | null;
	readonly speedKmh: number | null;
	readonly signal: number | null;
	readonly firmware: string | null;
	readonly lat: number | null;
	readonly lon: number | null;
	readonly headingDeg: number | null;
}

/** Devices of one dealer's one customer: the smallest set whose counts are kept. */
interface Group extends Belonging {
	readonly counts: Int32Array;
}

/**
 * The whole fleet in memory, in typed arrays by device number: to whom each device belongs and what its status is.
 * Counts are kept as statuses change, so that asking costs nothing; silence is swept ({@link sweep}).
 */
export class FleetIndex {
	#buffers = fleetBuffers(initialCapacity, null);
	#columns = fleetColumns(this.#buffers);
	readonly #groups = new Map<number, Map<string, Group>>();
	#devices = 0;
	/** Numbers up to this one may be in use. */
	#highestNo = 0;
	/** The latest instant for which a status was worked out since the last sweep, that one included. */
	#latestAtMs = Number.NEGATIVE_INFINITY;
	/** Every firmware version ever named, by code; code 0 is unknown. */
	readonly #firmwares: string[] = [''];
	readonly #firmwareCodes = new Map<string, number>();

	get devices(): number {
		return this.#devices;
	}

	get highestNo(): number {
		return this.#highestNo;
	}

	/** The columns' memory; another object after the fleet outgrew it. */
	get buffers(): FleetBuffers {
		return this.#buffers;
	}

	get columns(): FleetColumns {
		return this.#columns;
	}

	/** Firmware versions by code; the first, unknown, is empty. */
	get firmwares(): readonly string[] {
		return this.#firmwares;
	}

	/** Adds a device or changes to whom it belongs; its status stays until {@link update}. */
	place(device: IndexedDevice, nowMs: number): void {
		const { deviceNo } = device;
		this.#grow(deviceNo);
		const isNew = this.#columns.organizationNo[deviceNo] === none;
		if (isNew) {
			this.#devices++;
			this.#columns.revision[deviceNo] = 0;
			this.#columns.activity[deviceNo] = statuses.indexOf('ignition_off');
			this.#columns.lastHeardAtMs[deviceNo] = Number.NaN;
			this.#columns.family[deviceNo] = deviceFamilies.indexOf(device.family);
		} else this.#count(deviceNo, -1);
		this.#columns.organizationNo[deviceNo] = device.organizationNo;
		this.#columns.dealerNo[deviceNo] = device.dealerNo ?? none;
		this.#columns.customerNo[deviceNo] = device.customerNo ?? none;
		this.#columns.vehicleNo[deviceNo] = device.vehicleNo ?? none;
		if (isNew) this.#columns.status[deviceNo] = statuses.indexOf('not_communicating');
		this.#count(deviceNo, 1);
		if (!isNew) this.#refresh(deviceNo, nowMs);
	}

	/** A device is retired or gone. */
	remove(deviceNo: number): void {
		if (!this.has(deviceNo)) return;
		this.#count(deviceNo, -1);
		this.#devices--;
		this.#columns.organizationNo[deviceNo] = none;
		this.#columns.status[deviceNo] = noStatus;
		this.#columns.nextChangeAtMs[deviceNo] = Number.POSITIVE_INFINITY;
	}

	/**
	 * Takes in what a commit made of a device; an older revision than the one known changes nothing.
	 * @returns whether the status changed
	 */
	update(deviceNo: number, state: IndexedState, nowMs: number): boolean {
		const columns = this.#columns;
		if (!this.has(deviceNo) || state.revision < columns.revision[deviceNo]!) return false;
		columns.revision[deviceNo] = state.revision;
		columns.lastHeardAtMs[deviceNo] = state.lastHeardAtMs ?? Number.NaN;
		columns.activity[deviceNo] = statuses.indexOf(state.activity);
		columns.socPct[deviceNo] = state.socPct ?? Number.NaN;
		columns.rangeKm[deviceNo] = state.rangeKm ?? Number.NaN;
		columns.odometerKm[deviceNo] = state.odometerKm ?? Number.NaN;
		columns.speedKmh[deviceNo] = state.speedKmh ?? Number.NaN;
		columns.signal[deviceNo] = state.signal ?? Number.NaN;
		columns.firmwareCode[deviceNo] = this.#firmwareCode(state.firmware);
		columns.mercatorX[deviceNo] = state.lon === null ? none : mercatorX(state.lon);
		columns.mercatorY[deviceNo] = state.lat === null ? none : mercatorY(state.lat);
		columns.heading[deviceNo] = ((state.headingDeg ?? 0) / 360) * 256;
		return this.#refresh(deviceNo, nowMs);
	}

	/** The device's place in the fleet's alphabetical order. */
	nameRank(deviceNo: number): number {
		return this.#columns.nameRank[deviceNo]!;
	}

	/** Says in which place of the fleet's alphabetical order a device's name stands. */
	setNameRank(deviceNo: number, rank: number): void {
		if (this.has(deviceNo)) this.#columns.nameRank[deviceNo] = rank;
	}

	has(deviceNo: number): boolean {
		return deviceNo <= this.#highestNo && this.#columns.organizationNo[deviceNo] !== none;
	}

	status(deviceNo: number): Status {
		return statuses[this.#columns.status[deviceNo]!] ?? 'not_communicating';
	}

	/** To whom a device belongs; null when there is no such device. */
	belonging(deviceNo: number): Belonging | null {
		return this.has(deviceNo) ? this.#belonging(deviceNo) : null;
	}

	isInScope(scope: Scope, deviceNo: number): boolean {
		return this.has(deviceNo) && isInScope(scope, deviceNo, this.#belonging(deviceNo));
	}

	/** Devices per status in the scope; the six add up to all of its devices. */
	counts(scope: Scope): StatusCounts {
		const sums = new Int32Array(statuses.length);
		if (scope.deviceNos !== null) {
			for (const deviceNo of new Set(scope.deviceNos))
				if (this.isInScope(scope, deviceNo)) sums[this.#columns.status[deviceNo]!]!++;
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

	/**
	 * Moves every device on whose silence has changed its status; where the clock was stepped back, every one whose
	 * silence is shorter than it seemed. @returns their numbers
	 */
	sweep(nowMs: number): number[] {
		const changed: number[] = [];
		const isSteppedBack = nowMs < this.#latestAtMs;
		this.#latestAtMs = nowMs;
		const next = this.#columns.nextChangeAtMs;
		for (let deviceNo = 1; deviceNo <= this.#highestNo; deviceNo++)
			if (isSteppedBack ? this.has(deviceNo) : next[deviceNo]! <= nowMs)
				if (this.#refresh(deviceNo, nowMs)) changed.push(deviceNo);
		return changed;
	}

	/** Works out the status anew. */
	#refresh(deviceNo: number, nowMs: number): boolean {
		this.#latestAtMs = Math.max(this.#latestAtMs, nowMs);
		const heard = this.#columns.lastHeardAtMs[deviceNo]!;
		const lastHeardAtMs = Number.isNaN(heard) ? null : heard;
		const active = statuses[this.#columns.activity[deviceNo]!] as ActivityStatus;
		this.#columns.nextChangeAtMs[deviceNo] = nextStatusChangeAtMs(lastHeardAtMs, nowMs);
		const status = statuses.indexOf(agedStatus(active, lastHeardAtMs, nowMs));
		if (status === this.#columns.status[deviceNo]) return false;
		this.#count(deviceNo, -1);
		this.#columns.status[deviceNo] = status;
		this.#count(deviceNo, 1);
		return true;
	}

	#belonging(deviceNo: number): Belonging {
		return {
			organizationNo: this.#columns.organizationNo[deviceNo]!,
			dealerNo: this.#columns.dealerNo[deviceNo]! || null,
			customerNo: this.#columns.customerNo[deviceNo]! || null,
		};
	}

	#count(deviceNo: number, by: 1 | -1): void {
		const organizationNo = this.#columns.organizationNo[deviceNo]!;
		let groups = this.#groups.get(organizationNo);
		if (groups === undefined) {
			groups = new Map();
			this.#groups.set(organizationNo, groups);
		}
		const key = `${this.#columns.dealerNo[deviceNo]}/${this.#columns.customerNo[deviceNo]}`;
		let group = groups.get(key);
		if (group === undefined) {
			group = { ...this.#belonging(deviceNo), counts: new Int32Array(statuses.length) };
			groups.set(key, group);
		}
		group.counts[this.#columns.status[deviceNo]!]! += by;
	}

	#firmwareCode(version: string | null): number {
		if (version === null) return none;
		const known = this.#firmwareCodes.get(version);
		if (known !== undefined) return known;
		// A device that names ever new versions does not fill the memory; its row says what it runs all the same.
		if (this.#firmwares.length >= mostFirmwares) return none;
		const code = this.#firmwares.push(version) - 1;
		this.#firmwareCodes.set(version, code);
		return code;
	}

	#grow(deviceNo: number): void {
		this.#highestNo = Math.max(this.#highestNo, deviceNo);
		let capacity = this.#columns.status.length;
		if (deviceNo < capacity) return;
		while (capacity <= deviceNo) capacity *= 2;
		this.#buffers = fleetBuffers(capacity, this.#columns);
		this.#columns = fleetColumns(this.#buffers);
	}
}

/** Versions that can be filtered and put in order by. */
const mostFirmwares = 65_536;
const initialCapacity = 1_024;

import { type FieldName, fieldGroups, type SensorValue } from '#contract/device-reading.ts';
import type { DeviceFamily } from '#contract/family.ts';
import type { Belonging } from '#contract/scope.ts';
import { emptyValues, type FieldValues, placeOf } from './fields.ts';

/** One run of a device between restarts, with the highest sequence seen. The hash spares hashing its name again. */
export interface Boot {
	readonly name: string;
	readonly hashHigh: number;
	readonly hashLow: number;
	highestSequence: number;
}

/** Boots a snapshot remembers; a device that sends from an older one is probed instead. */
export const rememberedBoots = 4;

/** What is registered about a device, as far as the road and the fleet index need it. */
export interface Registration extends Belonging {
	readonly deviceNo: number;
	readonly family: DeviceFamily;
	/** What it is fitted to. */
	readonly vehicleNo: number | null;
}

/** What a reaction remembers of one device: plain JSON. */
export type ReactionMemory = { readonly [key: string]: string | number | boolean | null };

/**
 * The newest word of a device. Only its lane writes it, in place, and drops it when a commit fails. Instants are epoch
 * milliseconds, -Infinity for "never".
 */
export interface Snapshot {
	readonly registration: Registration;
	revision: number;
	lastHeardAtMs: number;
	/** Time of the newest stored reading: what is older is late. */
	newestAtMs: number;
	clockWrong: boolean;
	/** When each group of values (`fieldGroups`) was last newer. */
	readonly groupAtMs: number[];
	readonly values: FieldValues;
	sensors: Readonly<Record<string, SensorValue>> | null;
	/** Newest last. */
	boots: Boot[];
	memory: Readonly<Record<string, ReactionMemory>>;
}

/** A device that never spoke. */
export function blankSnapshot(registration: Registration): Snapshot {
	return {
		registration,
		revision: 0,
		lastHeardAtMs: Number.NEGATIVE_INFINITY,
		newestAtMs: Number.NEGATIVE_INFINITY,
		clockWrong: false,
		groupAtMs: fieldGroups.map(() => Number.NEGATIVE_INFINITY),
		values: emptyValues(),
		sensors: null,
		boots: [],
		memory: {},
	};
}

/** Reads a numeric standard value of a snapshot or reading. */
export function numberOf(values: FieldValues, name: FieldName): number | null {
	const value = values[placeOf(name)];
	return typeof value === 'number' ? value : null;
}

export function booleanOf(values: FieldValues, name: FieldName): boolean | null {
	const value = values[placeOf(name)];
	return typeof value === 'boolean' ? value : null;
}

export function textOf(values: FieldValues, name: FieldName): string | null {
	const value = values[placeOf(name)];
	return typeof value === 'string' ? value : null;
}

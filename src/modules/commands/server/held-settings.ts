import { familySettings, isSettingValue, type SettingName } from '#contract/device-settings.ts';
import type { DeviceFamily } from '#contract/family.ts';
import type { HeldSetting, HeldSettings } from '../contract.ts';

/** A setting that was written to a device, which answered that it has it; when it answered, epoch milliseconds. */
export interface WrittenSetting {
	readonly name: string;
	readonly value: unknown;
	readonly atMs: number;
}

/** Under which the time of a reported setting is remembered, beside the setting under its own name. */
export function timeKey(name: SettingName): string {
	return `${name}.at`;
}

/**
 * What a device has: of each setting what it reported or what was written, whichever is newer. Of the same instant, what
 * it reported.
 * @param memory what the reaction to readings remembers
 */
export function heldSettings(
	family: DeviceFamily,
	memory: Readonly<Record<string, unknown>>,
	written: readonly WrittenSetting[],
): HeldSettings {
	const held: HeldSettings = {};
	for (const name of familySettings[family]) {
		const said = reportedOf(name, memory);
		const told = writtenOf(name, written);
		const newest = said !== null && (told === null || told.atMs <= said.atMs) ? said : told;
		if (newest !== null) held[name] = newest;
	}
	return held;
}

function reportedOf(
	name: SettingName,
	memory: Readonly<Record<string, unknown>>,
): HeldSetting | null {
	const value = memory[name];
	const atMs = memory[timeKey(name)];
	if (!isSettingValue(name, value) || typeof atMs !== 'number') return null;
	return { value, source: 'reported', atMs };
}

function writtenOf(name: SettingName, written: readonly WrittenSetting[]): HeldSetting | null {
	const found = written.find((each) => each.name === name);
	if (found === undefined || !isSettingValue(name, found.value)) return null;
	return { value: found.value, source: 'written', atMs: found.atMs };
}

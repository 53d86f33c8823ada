import { z } from 'zod';
import type { DeviceFamily } from './family.ts';

/**
 * Settings of engine controllers (native protocol, `docs/protocols/native.md`). One table holds each setting's name on
 * the wire, label, unit and range; what is checked, shown, written and simulated follows it.
 */

interface NumberSetting {
	readonly type: 'number';
	readonly label: string;
	readonly unit: string | null;
	/** Inclusive. Wide enough for batteries of 12, 24 and 48 V: `docs/decisions/0024-engine-commands.md`. */
	readonly min: number;
	readonly max: number;
	readonly step: number;
}
interface TextSetting {
	readonly type: 'text';
	readonly label: string;
	readonly pattern: RegExp;
	/** How it is written. */
	readonly form: string;
}
export type DeviceSetting = NumberSetting | TextSetting;

function number(
	label: string,
	unit: string | null,
	[min, max]: readonly [number, number],
	step: number,
): NumberSetting {
	return { type: 'number', label, unit, min, max, step };
}

const setPoint = [10.5, 68] as const;

export const deviceSettings = {
	low_battery_start_v: number('Low battery start', 'V', [9, 57], 0.1),
	high_battery_cutoff_v: number('High battery cut-off', 'V', [12, 68], 0.1),
	run_signal_select: number('Run signal select', null, [0, 15], 1),
	run_signal_adjustment: number('Run signal adjustment', '%', [-50, 50], 1),
	schedule: {
		type: 'text',
		label: 'Schedule',
		pattern: /^(off|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)$/,
		form: 'off, or hours of the day as in 08:00-20:00',
	},
	tail_current_a: number('Tail current', 'A', [0, 300], 0.5),
	low_temperature_start_c: number('Low temperature start', '°C', [-40, 40], 1),
	high_temperature_shutdown_c: number('High temperature shutdown', '°C', [50, 150], 1),
	bulk_set_point_v: number('Bulk set point', 'V', setPoint, 0.1),
	absorb_set_point_v: number('Absorb set point', 'V', setPoint, 0.1),
} as const satisfies Record<string, DeviceSetting>;

export type SettingName = keyof typeof deviceSettings;
export const settingNames = Object.keys(deviceSettings) as SettingName[];

export type SettingValue = number | string;
export type SettingValues = { readonly [Name in SettingName]?: SettingValue };

/** The settings that devices of a family have, in the order in which people read them. */
export const familySettings: Readonly<Record<DeviceFamily, readonly SettingName[]>> = {
	ev: [],
	x_pro: [
		'low_battery_start_v',
		'high_battery_cutoff_v',
		'run_signal_select',
		'run_signal_adjustment',
		'schedule',
	],
	unified: [
		'low_battery_start_v',
		'high_battery_cutoff_v',
		'bulk_set_point_v',
		'absorb_set_point_v',
		'tail_current_a',
	],
	ultra: [
		'low_battery_start_v',
		'high_battery_cutoff_v',
		'tail_current_a',
		'low_temperature_start_c',
		'high_temperature_shutdown_c',
	],
};

/** What is low has to stay below what is high, or the engine would start and stop at once. */
const ordered: readonly (readonly [low: SettingName, high: SettingName])[] = [
	['low_battery_start_v', 'high_battery_cutoff_v'],
	['low_temperature_start_c', 'high_temperature_shutdown_c'],
];

/** A setting as it is declared. */
export function settingOf(name: SettingName): DeviceSetting {
	return deviceSettings[name];
}

/** Whether a device may have this value for a setting at all. */
export function isSettingValue(name: SettingName, value: unknown): value is SettingValue {
	return valueSchemas[name].safeParse(value).success;
}

/** How a setting and its unit read, as in `12.4 V`. */
export function settingText(name: SettingName, value: SettingValue): string {
	const setting = settingOf(name);
	return setting.type === 'number' && setting.unit !== null
		? `${value} ${setting.unit}`
		: String(value);
}

function valueSchemaOf(name: SettingName): z.ZodType<SettingValue> {
	const setting = settingOf(name);
	const { label } = setting;
	if (setting.type === 'text')
		return z
			.string(`${label}: ${setting.form}.`)
			.regex(setting.pattern, `${label}: ${setting.form}.`);
	const { min, max, step } = setting;
	const range = `${label} has to be from ${settingText(name, min)} to ${settingText(name, max)}.`;
	return z
		.number(range)
		.min(min, range)
		.max(max, range)
		.multipleOf(step, `${label} goes in steps of ${settingText(name, step)}.`);
}

const valueSchemas = Object.fromEntries(
	settingNames.map((name) => [name, valueSchemaOf(name)]),
) as Record<SettingName, z.ZodType<SettingValue>>;

/**
 * What may be written to a device: settings that its family has, each within its range, and none beyond its counterpart
 * among those written with it or among those the device has now.
 */
export function writableSettings(
	family: DeviceFamily,
	now: SettingValues,
): z.ZodType<SettingValues> {
	const names = familySettings[family];
	const known = z.strictObject(
		Object.fromEntries(names.map((name) => [name, valueSchemas[name].optional()])),
		{
			error: (issue) =>
				issue.code === 'unrecognized_keys'
					? `Devices of this family have no setting "${issue.keys.join('", "')}".`
					: 'Send the settings to change as an object.',
		},
	);
	return known.superRefine((written, context) => {
		if (context.issues.length === 0 && Object.keys(written).length === 0)
			context.addIssue({ code: 'custom', message: 'Name at least one setting to change.' });
		const then: SettingValues = { ...now, ...written };
		for (const [low, high] of ordered) {
			const [lowValue, highValue] = [then[low], then[high]];
			if (!(low in written || high in written)) continue;
			if (typeof lowValue !== 'number' || typeof highValue !== 'number') continue;
			if (lowValue < highValue) continue;
			context.addIssue({
				code: 'custom',
				path: [low in written ? low : high],
				message: `${settingOf(low).label} (${settingText(low, lowValue)}) has to be below ${settingOf(high).label.toLowerCase()} (${settingText(high, highValue)}).`,
			});
		}
	});
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	deviceSettings,
	familySettings,
	isSettingValue,
	type SettingName,
	type SettingValues,
	settingNames,
	settingOf,
	settingText,
	writableSettings,
} from './device-settings.ts';
import { type DeviceFamily, deviceFamilies, engineFamilies } from './family.ts';

/** What is wrong with a change, in sentences. */
function complaints(family: DeviceFamily, written: unknown, now: SettingValues = {}): string[] {
	const { error } = writableSettings(family, now).safeParse(written);
	return (error?.issues ?? []).map(({ message }) => message);
}

describe('what may be written', () => {
	test.each<[DeviceFamily, unknown, SettingValues, string | null]>([
		['x_pro', { low_battery_start_v: 12.1 }, {}, null],
		['x_pro', { schedule: '08:00-20:30' }, {}, null],
		['x_pro', { schedule: 'off' }, {}, null],
		['x_pro', { schedule: '8-20' }, {}, 'Schedule: off, or hours of the day as in 08:00-20:00.'],
		['x_pro', { schedule: '24:00-25:00' }, {}, 'Schedule: off'],
		['x_pro', {}, {}, 'Name at least one setting to change.'],
		['x_pro', null, {}, 'Send the settings to change as an object.'],
		['x_pro', [12], {}, 'Send the settings to change as an object.'],
		['x_pro', { low_battery_start_v: '12' }, {}, 'Low battery start has to be from 9 V to 57 V.'],
		['x_pro', { low_battery_start_v: 8.9 }, {}, 'Low battery start has to be from 9 V to 57 V.'],
		['x_pro', { low_battery_start_v: 12.15 }, {}, 'Low battery start goes in steps of 0.1 V.'],
		['x_pro', { tail_current_a: 5 }, {}, 'Devices of this family have no setting "tail_current_a"'],
		['ultra', { schedule: 'off' }, {}, 'Devices of this family have no setting "schedule"'],
		['ev', { low_battery_start_v: 12 }, {}, 'Devices of this family have no setting'],
		[
			'unified',
			{ low_battery_start_v: 26, high_battery_cutoff_v: 26 },
			{},
			'Low battery start (26 V) has to be below high battery cut-off (26 V).',
		],
		[
			'unified',
			{ low_battery_start_v: 28 },
			{ high_battery_cutoff_v: 27.5 },
			'Low battery start (28 V) has to be below high battery cut-off (27.5 V).',
		],
		['unified', { high_battery_cutoff_v: 28.5 }, { low_battery_start_v: 28 }, null],
		// What stands wrong already does not keep anybody from changing something else.
		[
			'unified',
			{ tail_current_a: 5 },
			{ low_battery_start_v: 28, high_battery_cutoff_v: 20 },
			null,
		],
	])('%s %j over %j', (family, written, now, complaint) => {
		const expected = complaint === null ? [] : [expect.stringContaining(complaint)];
		expect(complaints(family, written, now)).toEqual(expected);
	});
});

/** A value of a setting that is in its range and on its step. */
function possible(name: SettingName) {
	const setting = settingOf(name);
	if (setting.type === 'text') return fc.constantFrom('off', '00:00-23:59', '22:15-06:45');
	const { min, max, step } = setting;
	return fc
		.nat(Math.floor((max - min) / step + 1e-9))
		.map((steps) => Math.round((min + steps * step) * 10) / 10);
}

const changes = fc.constantFrom(...engineFamilies).chain((family) => {
	const settings = Object.fromEntries(familySettings[family].map((name) => [name, possible(name)]));
	const some = fc.record(settings, { requiredKeys: [] });
	return fc.record({ family: fc.constant(family), now: some, written: some });
});

test('every step of every range is possible, and what is accepted keeps low below high', () => {
	fc.assert(
		fc.property(changes, ({ family, now, written }) => {
			for (const [name, value] of Object.entries(written))
				expect(settingNames.some((each) => each === name && isSettingValue(each, value))).toBe(
					true,
				);
			const { success } = writableSettings(family, now).safeParse(written);
			const then: Record<string, unknown> = { ...now, ...written };
			const isCrossed = (low: string, high: string) =>
				(low in written || high in written) && Number(then[low]) >= Number(then[high]);
			const isWrong =
				Object.keys(written).length === 0 ||
				isCrossed('low_battery_start_v', 'high_battery_cutoff_v') ||
				isCrossed('low_temperature_start_c', 'high_temperature_shutdown_c');
			expect(success).toBe(!isWrong);
		}),
	);
});

test('whatever comes, it is accepted or complained about', () => {
	fc.assert(
		fc.property(fc.constantFrom(...deviceFamilies), fc.jsonValue(), (family, written) => {
			expect(typeof writableSettings(family, {}).safeParse(written).success).toBe('boolean');
		}),
	);
});

test('each setting belongs to a family, and reads with its unit', () => {
	const used = new Set(Object.values(familySettings).flat());
	expect([...used].sort()).toEqual([...settingNames].sort());
	expect(settingText('tail_current_a', 4.5)).toBe('4.5 A');
	expect(settingText('schedule', 'off')).toBe('off');
	expect(deviceSettings.run_signal_select.unit).toBeNull();
});

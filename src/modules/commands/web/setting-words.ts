import {
	isSettingValue,
	type SettingName,
	type SettingValue,
	settingNames,
	settingOf,
} from '#contract/device-settings.ts';
import type { Region } from '#web/text/region.tsx';
import { text } from './text.ts';

const maxDecimals = 1;

/** A setting as people read it, with its unit. */
export function settingWords(name: SettingName, value: SettingValue, region: Region): string {
	const setting = settingOf(name);
	if (setting.type !== 'number' || typeof value !== 'number') return String(value);
	const number = region.number(value, maxDecimals);
	return setting.unit === null ? number : text('withUnit', { number, unit: setting.unit });
}

/** The settings that came with a command, in words; empty for a command that carried none. */
export function settingsWords(value: unknown, region: Region): string {
	const written = new Map(Object.entries(Object(value)));
	return settingNames
		.flatMap((name) => {
			const set = written.get(name);
			if (!isSettingValue(name, set)) return [];
			const words = settingWords(name, set, region);
			return text('oneSetting', { setting: settingOf(name).label, value: words });
		})
		.join(', ');
}

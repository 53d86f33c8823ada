import { familySettings, isSettingValue } from '#contract/device-settings.ts';
import type { Reaction } from '#ingest/reaction.ts';
import type { ReactionMemory } from '#ingest/snapshot.ts';
import { timeKey } from './held-settings.ts';

/** Remembers each setting that an engine controller reports, with the time of the reading. */
export const settingsReaction: Reaction = {
	name: 'settings',
	react({ sensors, atMs }, { registration }, memory) {
		const said: Record<string, ReactionMemory[string]> = {};
		if (sensors !== null)
			for (const name of familySettings[registration.family]) {
				const value = sensors[name];
				if (!isSettingValue(name, value)) continue;
				said[name] = value;
				said[timeKey(name)] = atMs;
			}
		const isSilent = Object.keys(said).length === 0;
		return { memory: isSilent ? memory : { ...memory, ...said }, facts: [] };
	},
};

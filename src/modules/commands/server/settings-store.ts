import { sql } from 'kysely';
import type { DeviceFamily } from '#contract/family.ts';
import type { Database } from '#platform/database/connect.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { changeSettings, type HeldSettings } from '../contract.ts';
import { heldSettings, type WrittenSetting } from './held-settings.ts';
import { settingsReaction } from './settings-reaction.ts';

/** The settings that a device has, whoever wrote them: they are part of its state, not of its history. */
export async function readHeldSettings(
	database: Database,
	{ deviceNo, family }: { readonly deviceNo: number; readonly family: DeviceFamily },
): Promise<HeldSettings> {
	// One after the other: it may be a transaction, which has one connection.
	const state = await database
		.selectFrom('device_state')
		.where('device_no', '=', deviceNo)
		.select(sql<Record<string, unknown> | null>`memory -> ${settingsReaction.name}`.as('memory'))
		.executeTakeFirst();
	const written = await readWritten(database, deviceNo);
	return heldSettings(family, state?.memory ?? {}, written);
}

/** Of each setting the last value that was written and answered with DONE. */
async function readWritten(database: Database, deviceNo: number): Promise<WrittenSetting[]> {
	const { rows } = await sql<WrittenSetting>`
		select distinct on (s.key) s.key as name, s.value, ${epochMs('a.at')} as "atMs"
		from device_command c
		cross join lateral (
			select v.status, v.at from v_command_answer v
			where v.command_id = c.command_id and v.device_no = c.device_no
				and v.status in ('DONE', 'REFUSED', 'FAILED')
			order by v.fact_no limit 1
		) a
		cross join lateral jsonb_each(c.value) s
		where c.device_no = ${deviceNo} and c.name = ${sql.lit(changeSettings.name)} and a.status = 'DONE'
		order by s.key, c.command_no desc
	`.execute(database);
	return rows;
}

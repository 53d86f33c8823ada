import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile } from '#platform/changes-meanwhile.ts';
import { type Database, sqlState } from '#platform/database/connect.ts';
import type { DeviceSettings } from '../../contract.ts';
import { deviceSettingsWords } from './rules.ts';

const usualSettings: DeviceSettings = { keyGraceHours: 24, telematicsIdFormat: null };

const invalidRegularExpression = '2201B';

/** What an organization wants of its devices. */
export async function readDeviceSettings(
	database: Database,
	organizationNo: number,
): Promise<DeviceSettings> {
	const row = await settingsOf(database, organizationNo).executeTakeFirst();
	return row ?? usualSettings;
}

function settingsOf(database: Database, organizationNo: number) {
	return database
		.selectFrom('device_setting')
		.select(['key_grace_hours as keyGraceHours', 'telematics_id_format as telematicsIdFormat'])
		.where('organization_no', '=', organizationNo);
}

/**
 * Changes what an organization wants of its devices, unless it is not any more as the editor saw it.
 * @throws `invalid_input` for a format that is no regular expression, `not_permitted` for a narrowed reader,
 * `changed_meanwhile`
 */
export async function changeSettings(
	database: Database,
	{ principal, origin }: Actor,
	before: DeviceSettings,
	after: DeviceSettings,
): Promise<DeviceSettings> {
	const organizationNo = requireWholeOrganization(principal.scope);
	const { keyGraceHours, telematicsIdFormat } = after;
	await requireRegularExpression(database, telematicsIdFormat);
	await database.transaction().execute(async (transaction) => {
		// Two who change them at once follow one another: the row is there to wait for, whoever comes first.
		await transaction
			.insertInto('device_setting')
			.values({
				organization_no: organizationNo,
				key_grace_hours: usualSettings.keyGraceHours,
				telematics_id_format: usualSettings.telematicsIdFormat,
			})
			.onConflict((conflict) => conflict.column('organization_no').doNothing())
			.execute();
		const kept = await settingsOf(transaction, organizationNo)
			.forUpdate()
			.executeTakeFirstOrThrow();
		const changes = changesMeanwhile(before, kept, deviceSettingsWords);
		if (changes !== null) throw fault('changed_meanwhile', { changes });
		await transaction
			.updateTable('device_setting')
			.set({ key_grace_hours: keyGraceHours, telematics_id_format: telematicsIdFormat })
			.where('organization_no', '=', organizationNo)
			.execute();
		await recordAudit(transaction, principal, origin, {
			action: 'device_settings.change',
			subject: { kind: 'organization', id: String(organizationNo) },
			before: { ...kept },
			after: { ...after },
		});
	});
	return after;
}

async function requireRegularExpression(database: Database, format: string | null): Promise<void> {
	try {
		if (format !== null) await sql`select '' ~ ${format}`.execute(database);
	} catch (error) {
		if (sqlState(error) !== invalidRegularExpression) throw error;
		const message = 'The format is no regular expression. Correct it, or leave it empty.';
		throw fault('invalid_input', { summary: message }, [
			{ path: 'body.after.telematicsIdFormat', message },
		]);
	}
}

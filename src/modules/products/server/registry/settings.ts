import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { type AuditOrigin, recordAudit } from '#modules/audit/server/index.ts';
import { type Database, sqlState } from '#platform/database/connect.ts';
import type { DeviceSettings } from '../../contract.ts';
import { requireWholeOrganization } from './whole-organization.ts';

const usualSettings: DeviceSettings = { keyGraceHours: 24, telematicsIdFormat: null };

const invalidRegularExpression = '2201B';

/** What an organization wants of its devices. */
export async function readDeviceSettings(
	database: Database,
	organizationNo: number,
): Promise<DeviceSettings> {
	const row = await database
		.selectFrom('device_setting')
		.select(['key_grace_hours as keyGraceHours', 'telematics_id_format as telematicsIdFormat'])
		.where('organization_no', '=', organizationNo)
		.executeTakeFirst();
	return row ?? usualSettings;
}

/** @throws `invalid_input` for a format that is no regular expression, `not_permitted` for a narrowed reader */
export async function changeSettings(
	database: Database,
	principal: Principal,
	origin: AuditOrigin,
	{ keyGraceHours, telematicsIdFormat }: DeviceSettings,
): Promise<DeviceSettings> {
	const { scope } = principal;
	requireWholeOrganization(scope);
	const { organizationNo } = scope;
	const after: DeviceSettings = { keyGraceHours, telematicsIdFormat };
	await requireRegularExpression(database, telematicsIdFormat);
	await database.transaction().execute(async (transaction) => {
		// Two who change them at once follow one another.
		await sql`select 1 from organization where organization_no = ${organizationNo} for update`.execute(
			transaction,
		);
		const before = await readDeviceSettings(transaction, organizationNo);
		const values = { key_grace_hours: keyGraceHours, telematics_id_format: telematicsIdFormat };
		await transaction
			.insertInto('device_setting')
			.values({ organization_no: organizationNo, ...values })
			.onConflict((conflict) => conflict.column('organization_no').doUpdateSet(values))
			.execute();
		await recordAudit(transaction, principal, origin, {
			action: 'device_settings.change',
			subject: { kind: 'organization', id: String(organizationNo) },
			before: { ...before },
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
			{ path: 'body.telematicsIdFormat', message },
		]);
	}
}

import { createHash } from 'node:crypto';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile, type FieldWords } from '#platform/changes-meanwhile.ts';
import type { Database } from '#platform/database/connect.ts';
import { maxLogoBytes, type OptionalModule, type OrganizationSettings } from '../contract.ts';
import { readImage } from './image.ts';

/** What fields are called where somebody hears that another changed them. */
const settingsWords: FieldWords<OrganizationSettings> = {
	name: { label: 'the name' },
	colour: { label: 'the colour' },
	logo: { label: 'the logo', written: (sha256) => (sha256 === null ? 'removed' : 'another one') },
	timeZone: { label: 'the time zone' },
	country: { label: 'the country' },
	locale: { label: 'the number format' },
	currency: { label: 'the currency' },
	supportName: { label: 'the support contact’s name' },
	supportEmail: { label: 'the support contact’s e-mail' },
	supportPhone: { label: 'the support contact’s phone' },
	modules: {
		label: 'the list of optional modules',
		written: (modules) => (modules.length === 0 ? 'empty' : modules.join(', ')),
	},
};

/** What an organization is set to. @throws `not_found` */
export async function readSettings(
	database: Database,
	organizationNo: number,
): Promise<OrganizationSettings> {
	const settings = await selectSettings(database, organizationNo).executeTakeFirst();
	if (settings === undefined) throw fault('not_found', { thing: 'organization' });
	return settings;
}

export interface SettingsChange {
	readonly before: OrganizationSettings;
	readonly after: OrganizationSettings;
	/** An image file, in base64; null keeps or removes the logo, as `after` says. */
	readonly newLogo: string | null;
}

/**
 * Changes the organization of whoever acts, unless it is not any more as the editor saw it.
 * @throws `not_permitted`, `invalid_input`, `changed_meanwhile`
 */
export async function changeSettings(
	database: Database,
	{ principal, origin }: Actor,
	{ before, after, newLogo }: SettingsChange,
): Promise<OrganizationSettings> {
	const organizationNo = requireWholeOrganization(principal.scope);
	const logo = newLogo === null ? null : checkedLogo(newLogo);
	return database.transaction().execute(async (transaction) => {
		await transaction
			.selectFrom('organization')
			.select('organization_no')
			.where('organization_no', '=', organizationNo)
			.forUpdate()
			.executeTakeFirst();
		const now = await readSettings(transaction, organizationNo);
		const changes = changesMeanwhile(before, now, settingsWords);
		if (changes !== null) throw fault('changed_meanwhile', { changes });
		if (logo === null && after.logo !== null && after.logo !== now.logo)
			throw fault('invalid_input', { summary: 'A new logo comes as a file.' });
		await updateOrganization(transaction, organizationNo, after);
		if (logo !== null) await storeLogo(transaction, organizationNo, logo);
		else if (after.logo === null) await deleteLogo(transaction, organizationNo);
		const changed = { ...after, logo: logo?.sha256 ?? after.logo };
		await recordAudit(transaction, principal, origin, {
			action: 'organization.edit',
			subject: { kind: 'organization', id: now.name },
			before: { ...now },
			after: { ...changed },
		});
		return changed;
	});
}

interface CheckedLogo {
	readonly sha256: string;
	readonly mediaType: string;
	readonly image: Buffer;
}

function checkedLogo(base64: string): CheckedLogo {
	const image = Buffer.from(base64, 'base64');
	const facts =
		image.length > maxLogoBytes
			? `Use an image of at most ${maxLogoBytes / 1024} kB.`
			: readImage(image);
	if (typeof facts === 'string')
		throw fault('invalid_input', { summary: facts }, [{ path: 'body.logo', message: facts }]);
	const sha256 = createHash('sha256').update(image).digest('hex');
	return { sha256, mediaType: facts.mediaType, image };
}

function selectSettings(database: Database, organizationNo: number) {
	return database
		.selectFrom('organization as o')
		.leftJoin('organization_logo as l', 'l.organization_no', 'o.organization_no')
		.select([
			'o.name',
			'o.colour',
			'l.sha256 as logo',
			'o.time_zone as timeZone',
			'o.country',
			'o.locale',
			'o.currency',
			'o.support_name as supportName',
			'o.support_email as supportEmail',
			'o.support_phone as supportPhone',
			'o.modules',
		])
		.where('o.organization_no', '=', organizationNo)
		.$narrowType<{ modules: OptionalModule[] }>();
}

async function updateOrganization(
	transaction: Database,
	organizationNo: number,
	after: OrganizationSettings,
): Promise<void> {
	await transaction
		.updateTable('organization')
		.set({
			name: after.name,
			colour: after.colour,
			time_zone: after.timeZone,
			country: after.country,
			locale: after.locale,
			currency: after.currency,
			support_name: after.supportName,
			support_email: after.supportEmail,
			support_phone: after.supportPhone,
			modules: after.modules,
		})
		.where('organization_no', '=', organizationNo)
		.execute();
}

async function storeLogo(
	transaction: Database,
	organizationNo: number,
	{ sha256, mediaType, image }: CheckedLogo,
): Promise<void> {
	const values = { sha256, media_type: mediaType, image };
	await transaction
		.insertInto('organization_logo')
		.values({ organization_no: organizationNo, ...values })
		.onConflict((conflict) => conflict.column('organization_no').doUpdateSet(values))
		.execute();
}

async function deleteLogo(transaction: Database, organizationNo: number): Promise<void> {
	await transaction
		.deleteFrom('organization_logo')
		.where('organization_no', '=', organizationNo)
		.execute();
}

import { sql } from 'kysely';
import { isConfirmation } from '#contract/confirmation.ts';
import { type Fault, fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { usualLocale } from '#contract/region.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile, type FieldWords } from '#platform/changes-meanwhile.ts';
import { type Database, sqlState } from '#platform/database/connect.ts';
import type { NewOrganization, OrganizationEdit, OrganizationRow } from '../contract.ts';
import { readOrganization } from './organization-list.ts';
import { createOrganization, readHosts } from './store.ts';

const uniqueViolation = '23505';
/** Examples named of what stands in the way of a deletion. */
const namedExamples = 3;

const editWords: FieldWords<OrganizationEdit> = {
	name: { label: 'the name' },
	hosts: {
		label: 'the list of hosts',
		written: (hosts) => (hosts.length === 0 ? 'empty' : hosts.join(', ')),
	},
};

/** Whoever is to look after an organization first. */
export interface FirstAdmin {
	readonly organizationNo: number;
	readonly email: string;
	readonly name: string | null;
	/** Host that the Super Admin asked, with or without a port. */
	readonly host: string;
}

export interface AddingOptions {
	readonly database: Database;
	/** Makes somebody an Admin and sends the invitation, as part of the transaction. @returns the account's id */
	inviteAdmin(transaction: Database, admin: FirstAdmin): Promise<string>;
	/** Hears after the commit that a user may now see or do something else. */
	changed(userId: string): void;
}

/**
 * Adds an organization and invites its first Admin. Kept in its own log, and without the Admin in that of where it was
 * done.
 * @param host that was asked, with or without a port
 * @throws `already_in_use` for a host
 */
export async function addOrganization(
	{ database, inviteAdmin, changed }: AddingOptions,
	actor: Actor,
	{ adminEmail: email, adminName, name, hosts, timeZone, country }: NewOrganization,
	host: string,
): Promise<OrganizationRow> {
	requireWholeOrganization(actor.principal.scope);
	const values = { name, hosts, timeZone, country, locale: usualLocale(country) };
	const { organizationNo, userId } = await namingTakenHost(database, null, hosts, () =>
		database.transaction().execute(async (transaction) => {
			const organizationNo = await createOrganization(transaction, { ...values, isDemo: false });
			const admin = { organizationNo, email, name: adminName, host };
			const userId = await inviteAdmin(transaction, admin);
			for (const principal of inLogsOf(actor.principal, organizationNo)) {
				// Who belongs to an organization is nobody's to read but its own.
				const isOwnLog = principal.scope.organizationNo === organizationNo;
				await recordAudit(transaction, principal, actor.origin, {
					action: 'organization.add',
					subject: { kind: 'organization', id: name },
					before: null,
					after: { ...values, ...(isOwnLog && { admin: email }) },
				});
			}
			return { organizationNo, userId };
		}),
	);
	changed(userId);
	return reread(database, actor.principal, organizationNo);
}

/**
 * Changes name and hosts of an organization, unless they are not any more as the editor saw them. Kept in its own log,
 * and in that of where it was done.
 * @throws `not_found`, `changed_meanwhile`, `already_in_use` for a host
 */
export async function editOrganization(
	database: Database,
	actor: Actor,
	organizationNo: number,
	before: OrganizationEdit,
	after: OrganizationEdit,
): Promise<OrganizationRow> {
	requireWholeOrganization(actor.principal.scope);
	await namingTakenHost(database, organizationNo, after.hosts, () =>
		database.transaction().execute(async (transaction) => {
			const now = await lockOrganization(transaction, organizationNo);
			const changes = changesMeanwhile(before, now, editWords);
			if (changes !== null) throw fault('changed_meanwhile', { changes });
			await transaction
				.updateTable('organization')
				.set({ name: after.name })
				.where('organization_no', '=', organizationNo)
				.execute();
			await transaction
				.deleteFrom('organization_host')
				.where('organization_no', '=', organizationNo)
				.execute();
			if (after.hosts.length > 0)
				await transaction
					.insertInto('organization_host')
					.values(after.hosts.map((host) => ({ host, organization_no: organizationNo })))
					.execute();
			for (const principal of inLogsOf(actor.principal, organizationNo))
				await recordAudit(transaction, principal, actor.origin, {
					action: 'organization.edit',
					subject: { kind: 'organization', id: now.name },
					before: { ...now },
					after: { ...after },
				});
		}),
	);
	return reread(database, actor.principal, organizationNo);
}

/**
 * Deletes an organization that holds nothing but users, whose membership ends with it. Its audit entries stay.
 * @param typed the organization's name
 * @returns ids of the users who belonged to it
 * @throws `not_found`, `still_in_use`, `invalid_input`
 */
export async function removeOrganization(
	database: Database,
	{ principal, origin }: Actor,
	organizationNo: number,
	typed: string,
): Promise<readonly string[]> {
	requireWholeOrganization(principal.scope);
	return database.transaction().execute(async (transaction) => {
		const now = await lockOrganization(transaction, organizationNo);
		if (!isConfirmation(typed, now.name)) {
			const summary = `Type ${now.name} to go ahead.`;
			throw fault('invalid_input', { summary }, [{ path: 'body.confirm', message: summary }]);
		}
		await refuseInUse(transaction, principal, organizationNo, now.name);
		const members = await transaction
			.selectFrom('v_member_organization')
			.select('user_id as userId')
			.where('organization_no', '=', organizationNo)
			.$narrowType<{ userId: string }>()
			.execute();
		await transaction
			.deleteFrom('organization')
			.where('organization_no', '=', organizationNo)
			.execute();
		await recordAudit(transaction, principal, origin, {
			action: 'organization.remove',
			subject: { kind: 'organization', id: now.name },
			before: { ...now, users: members.length },
			after: null,
		});
		return members.map(({ userId }) => userId);
	});
}

async function refuseInUse(
	transaction: Database,
	{ scope, enteredFrom }: Principal,
	organizationNo: number,
	name: string,
): Promise<void> {
	if (organizationNo === enteredFrom?.organizationNo)
		throw inUse(name, 'you belong to it', 'Another organization’s Super Admin can delete it.');
	if (organizationNo === scope.organizationNo)
		throw enteredFrom === undefined
			? inUse(name, 'you belong to it', 'Another organization’s Super Admin can delete it.')
			: inUse(name, 'you are in it', 'Leave it first.');
	const { rows } = await sql<{ what: string }>`
		select concat(count(*), ' ', kind, ' (', string_agg(name, ', ') filter (where place <= ${namedExamples}),
			case when count(*) > ${namedExamples} then ', …' end, ')') as what
		from (
			select kind, name, row_number() over (partition by kind order by name) as place from (
				select 'devices' as kind, device_id as name from v_device_organization where organization_no = ${organizationNo}
				union all select 'customers', name from v_customer where organization_no = ${organizationNo}
				union all select 'dealers', name from v_dealer where organization_no = ${organizationNo}
			) held
		) placed
		group by kind order by kind`.execute(transaction);
	if (rows.length > 0)
		throw inUse(
			name,
			`it has ${rows.map(({ what }) => what).join(' and ')}`,
			'Enter it and delete its customers and dealers first. Devices, retired ones too, stay with their organization for good.',
		);
}

function inUse(thing: string, what: string, remedy: string): Fault {
	return fault('still_in_use', { thing, what, remedy });
}

/** An organization as an editor sees it, kept from others until the transaction ends. @throws `not_found` */
async function lockOrganization(
	transaction: Database,
	organizationNo: number,
): Promise<{ name: string; hosts: string[] }> {
	const organization = await transaction
		.selectFrom('organization')
		.select('name')
		.where('organization_no', '=', organizationNo)
		.forUpdate()
		.executeTakeFirst();
	if (organization === undefined) throw fault('not_found', { thing: 'organization' });
	return { name: organization.name, hosts: (await readHosts(transaction, organizationNo)).sort() };
}

/** Whoever acts, once for the log of where they are and once for that of the organization in question. */
function inLogsOf(principal: Principal, organizationNo: number): Principal[] {
	const { scope } = principal;
	if (scope.organizationNo === organizationNo) return [principal];
	return [principal, { ...principal, scope: { ...scope, organizationNo } }];
}

/** Says which host leads to which organization already, when one of them does. */
async function namingTakenHost<Done>(
	database: Database,
	ownNo: number | null,
	hosts: readonly string[],
	change: () => Promise<Done>,
): Promise<Done> {
	try {
		return await change();
	} catch (error) {
		if (sqlState(error) !== uniqueViolation) throw error;
		const taken = await database
			.selectFrom('organization_host as h')
			.innerJoin('organization as o', 'o.organization_no', 'h.organization_no')
			.select(['h.host', 'o.name'])
			.where('h.host', 'in', hosts)
			.where('o.organization_no', 'is distinct from', ownNo)
			.limit(1)
			.executeTakeFirst();
		if (taken === undefined) throw error;
		const details = { value: `The host ${taken.host}`, where: ` by ${taken.name}` };
		const message = `${taken.host} leads to ${taken.name} already.`;
		throw fault('already_in_use', details, [{ path: 'body.hosts', message }]);
	}
}

async function reread(
	database: Database,
	principal: Principal,
	organizationNo: number,
): Promise<OrganizationRow> {
	const organization = await readOrganization(database, principal, organizationNo);
	if (organization === undefined) throw fault('not_found', { thing: 'organization' });
	return organization;
}

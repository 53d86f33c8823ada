import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import { type Actor, type AuditAction, recordAudit } from '#modules/audit/server/index.ts';
import type { Database } from '#platform/database/connect.ts';

interface Place {
	readonly organizationNo: number;
	readonly name: string;
}

/**
 * From the next request on the session of whoever acts is in an organization, as its Super Admin, until it leaves or
 * ends. Kept in the logs of both.
 * @returns the organization's name
 * @throws `not_found`, `not_permitted` for anything but a browser's session
 */
export async function enterOrganization(
	database: Database,
	actor: Actor,
	organizationNo: number,
): Promise<string> {
	const sessionId = sessionOf(actor.principal);
	requireWholeOrganization(actor.principal.scope);
	return database.transaction().execute(async (transaction) => {
		const organization = await transaction
			.selectFrom('organization')
			.select(['organization_no as organizationNo', 'name'])
			.where('organization_no', '=', organizationNo)
			.forShare()
			.executeTakeFirst();
		if (organization === undefined) throw fault('not_found', { thing: 'organization' });
		const { home, entered } = placesOf(actor.principal);
		if (organizationNo === (entered ?? home).organizationNo) return organization.name;
		if (entered !== null) await record(transaction, actor, 'organization.leave', home, entered);
		await transaction
			.deleteFrom('entered_organization')
			.where('session_id', '=', sessionId)
			.execute();
		if (organizationNo === home.organizationNo) return organization.name;
		await transaction
			.insertInto('entered_organization')
			.values({
				session_id: sessionId,
				organization_no: organizationNo,
				home_organization_no: home.organizationNo,
			})
			.execute();
		await record(transaction, actor, 'organization.enter', home, organization);
		return organization.name;
	});
}

/**
 * Takes the session of whoever acts back to its own organization; nothing happens where it is there already.
 * @returns the own organization's name
 */
export async function leaveOrganization(database: Database, actor: Actor): Promise<string> {
	const sessionId = sessionOf(actor.principal);
	const { home, entered } = placesOf(actor.principal);
	if (entered === null) return home.name;
	await database.transaction().execute(async (transaction) => {
		const { numDeletedRows } = await transaction
			.deleteFrom('entered_organization')
			.where('session_id', '=', sessionId)
			.where('organization_no', '=', entered.organizationNo)
			.executeTakeFirst();
		if (numDeletedRows > 0n) await record(transaction, actor, 'organization.leave', home, entered);
	});
	return home.name;
}

function sessionOf({ credential }: Principal): string {
	if (credential.kind !== 'session') throw fault('not_permitted');
	return credential.sessionId;
}

function placesOf({ scope, organization, enteredFrom }: Principal): {
	home: Place;
	entered: Place | null;
} {
	const here = { organizationNo: scope.organizationNo, name: organization.name };
	return enteredFrom === undefined
		? { home: here, entered: null }
		: { home: enteredFrom, entered: here };
}

async function record(
	transaction: Database,
	{ principal, origin }: Actor,
	action: AuditAction,
	home: Place,
	entered: Place,
): Promise<void> {
	for (const { organizationNo } of [home, entered])
		await recordAudit(
			transaction,
			{ ...principal, scope: { ...principal.scope, organizationNo } },
			origin,
			{
				action,
				subject: { kind: 'organization', id: entered.name },
				before: null,
				after: { from: home.name },
			},
		);
}

import { sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import { requireWholeOrganization } from '#contract/scope.ts';
import {
	deleteAccount,
	endSessions,
	type Invitation,
	resetSecondFactor,
	secureWidenedAccount,
} from '#modules/access/server/index.ts';
import { type Actor, recordAudit } from '#modules/audit/server/index.ts';
import { changesMeanwhile } from '#platform/changes-meanwhile.ts';
import type { Database } from '#platform/database/connect.ts';
import type { NewUser, UserEdit, UserRow } from '../contract.ts';
import { insertCustomers, insertMembership, lockMemberships } from './membership.ts';
import { editOf, editWords, type Member, refusalOf } from './rules.ts';
import { countOpenSessions } from './sessions.ts';
import { countOtherKeepers, lockMember, requireOwn, requireStanding } from './standing.ts';
import { readUser } from './store.ts';

export interface UserActionOptions {
	readonly database: Database;
	/** Invites somebody, as part of the transaction. */
	readonly sendActivation: (transaction: Database, invitation: Invitation) => Promise<unknown>;
	/** Tells, after the commit, whose role, scope or sessions changed. */
	readonly accessChanged: (userId: string) => void;
}

/**
 * Adds a user and sends the invitation. Whether the e-mail has an account at another organization cannot be told by
 * the answer.
 * @throws `already_in_use`, `super_admin_only`, `invalid_input`
 */
export async function addUser(
	options: UserActionOptions,
	actor: Actor,
	user: NewUser,
	host: string,
): Promise<UserRow> {
	const { userId, row } = await change(options, actor, async (transaction, organizationNo) => {
		refuseBy(actor, null, user, 0);
		await requireOwn(transaction, organizationNo, user, 'body');
		const created = await insertMembership(transaction, { organizationNo, ...user }, null);
		await options.sendActivation(transaction, { userId: created.userId, organizationNo, host });
		const added = await foundUser(transaction, actor, created.userNo);
		await record(transaction, actor, 'user.add', user.email, null, auditOf(added));
		return { userId: created.userId, row: added };
	});
	options.accessChanged(userId);
	return row;
}

/**
 * Changes a user, unless it is not any more as the editor saw it.
 * @throws `not_found`, `changed_meanwhile`, `super_admin_only`, `own_rights`, `last_admin`, `invalid_input`
 */
export async function editUser(
	options: UserActionOptions,
	actor: Actor,
	userNo: number,
	{ before, after }: { readonly before: UserEdit; readonly after: UserEdit },
	host: string,
): Promise<UserRow> {
	const { userId, row } = await change(options, actor, async (transaction, organizationNo) => {
		const member = await lockMember(transaction, organizationNo, userNo);
		const was = await foundUser(transaction, actor, userNo);
		const changes = changesMeanwhile(editOf(before), editOf(member), editWords(was));
		if (changes !== null) throw fault('changed_meanwhile', { changes });
		const others = await countOtherKeepers(transaction, organizationNo, userNo);
		refuseBy(actor, member, after, others);
		await requireOwn(transaction, organizationNo, after, 'body.after');
		await writeEdit(transaction, organizationNo, userNo, after);
		if (after.role === 'super_admin' && member.role !== 'super_admin')
			await secure(options, transaction, { userId: member.userId, organizationNo, host });
		const now = await foundUser(transaction, actor, userNo);
		await record(transaction, actor, 'user.edit', member.email, auditOf(was), auditOf(now));
		return { userId: member.userId, row: now };
	});
	options.accessChanged(userId);
	return row;
}

/** Makes sure that nobody else can be who comes to reach further. */
async function secure(
	{ sendActivation }: UserActionOptions,
	transaction: Database,
	invitation: Invitation,
): Promise<void> {
	if (await secureWidenedAccount(transaction, invitation.userId))
		await sendActivation(transaction, invitation);
}

async function writeEdit(
	transaction: Database,
	organizationNo: number,
	userNo: number,
	{ name, role, misRole, userAccount, dealerNo, customerNos }: UserEdit,
): Promise<void> {
	await transaction
		.updateTable('membership')
		.set({
			name,
			role,
			mis_role: misRole,
			user_account: userAccount,
			dealer_no: dealerNo,
			all_customers: customerNos === null,
		})
		.where('membership_no', '=', userNo)
		.execute();
	await transaction.deleteFrom('membership_customer').where('membership_no', '=', userNo).execute();
	await insertCustomers(transaction, organizationNo, userNo, customerNos ?? []);
}

/**
 * Deletes a user of the organization, and the account with its sessions if it belongs nowhere else.
 * @throws `not_found`, `super_admin_only`, `own_rights`, `last_admin`
 */
export async function deleteUser(
	options: UserActionOptions,
	actor: Actor,
	userNo: number,
): Promise<void> {
	const userId = await change(options, actor, async (transaction, organizationNo) => {
		const member = await lockMember(transaction, organizationNo, userNo);
		refuseBy(actor, member, null, await countOtherKeepers(transaction, organizationNo, userNo));
		const was = await foundUser(transaction, actor, userNo);
		await transaction.deleteFrom('membership').where('membership_no', '=', userNo).execute();
		const elsewhere = await sql`
			select from membership where user_id = ${member.userId} limit 1`.execute(transaction);
		if (elsewhere.rows.length === 0) await deleteAccount(transaction, member.userId);
		await record(transaction, actor, 'user.delete', member.email, auditOf(was), null);
		return member.userId;
	});
	options.accessChanged(userId);
}

/**
 * Sends the invitation again.
 * @throws `not_found`, `super_admin_only`, `already_active`
 */
export async function resendActivation(
	options: UserActionOptions,
	actor: Actor,
	userNo: number,
	host: string,
): Promise<UserRow> {
	return change(options, actor, async (transaction, organizationNo) => {
		const member = await lockMember(transaction, organizationNo, userNo);
		refuseBy(actor, member, member, 0);
		if (member.isActive) throw fault('already_active', { email: member.email });
		await transaction
			.updateTable('membership')
			.set({ invited_at: sql<Date>`now()` })
			.where('membership_no', '=', userNo)
			.execute();
		await options.sendActivation(transaction, { userId: member.userId, organizationNo, host });
		await record(transaction, actor, 'user.resend_activation', member.email, null, null);
		return foundUser(transaction, actor, userNo);
	});
}

/**
 * Ends all sessions of a user. Those of somebody who never came in by this organization are not its business.
 * @returns how many there were
 * @throws `not_found`, `super_admin_only`, `account_reaches_further`
 */
export async function endUserSessions(
	options: UserActionOptions,
	actor: Actor,
	userNo: number,
): Promise<number> {
	const { userId, count } = await change(options, actor, async (transaction, organizationNo) => {
		const member = await lockMember(transaction, organizationNo, userNo);
		refuseBy(actor, member, member, 0);
		const { role } = actor.principal;
		const ended = await countOpenSessions(transaction, { organizationNo, role }, userNo);
		if (ended === null) throw fault('account_reaches_further', { email: member.email });
		if (ended > 0) await endSessions(transaction, member.userId);
		await record(transaction, actor, 'user.end_sessions', member.email, null, { sessions: ended });
		return { userId: member.userId, count: ended };
	});
	options.accessChanged(userId);
	return count;
}

/**
 * Takes away the second factor of a user who lost it; the password is asked for as before.
 * @throws `not_found`, `super_admin_only`, `own_rights`, `account_reaches_further`, `second_factor_not_set`
 */
export async function resetUserSecondFactor(
	options: UserActionOptions,
	actor: Actor,
	userNo: number,
): Promise<UserRow> {
	const { userId, row } = await change(options, actor, async (transaction, organizationNo) => {
		const member = await lockMember(transaction, organizationNo, userNo);
		refuseBy(actor, member, member, 0);
		const { userId, email } = member;
		if (userId === actor.principal.userId)
			throw fault('own_rights', { what: 'reset your own second factor here' });
		const was = await foundUser(transaction, actor, userNo);
		if (was.isOutOfReach) throw fault('account_reaches_further', { email });
		if (!was.hasSecondFactor || !(await resetSecondFactor(transaction, userId)))
			throw fault('second_factor_not_set', { email });
		await record(transaction, actor, 'user.reset_second_factor', email, null, null);
		return { userId, row: await foundUser(transaction, actor, userNo) };
	});
	options.accessChanged(userId);
	return row;
}

/** Runs a change under the lock of the memberships, by somebody who may still do it. */
async function change<Result>(
	{ database }: UserActionOptions,
	{ principal }: Actor,
	run: (transaction: Database, organizationNo: number) => Promise<Result>,
): Promise<Result> {
	const organizationNo = requireWholeOrganization(principal.scope);
	return database.transaction().execute(async (transaction) => {
		await lockMemberships(transaction);
		await requireStanding(transaction, principal);
		return run(transaction, organizationNo);
	});
}

function refuseBy(
	{ principal: { userId, role } }: Actor,
	before: Member | null,
	after: UserEdit | Member | null,
	otherKeepers: number,
): void {
	const refusal = refusalOf({ actor: { userId, role }, before, after, otherKeepers });
	if (refusal !== null) throw refusal;
}

async function foundUser(
	database: Database,
	{ principal }: Actor,
	userNo: number,
): Promise<UserRow> {
	const { userId, role, scope } = principal;
	const reader = { organizationNo: scope.organizationNo, userId, role };
	const user = await readUser(database, reader, userNo);
	if (user === undefined) throw fault('not_found', { thing: 'user' });
	return user;
}

/** What the audit log keeps of a user, as people read it. */
function auditOf({ name, role, misRole, userAccount, dealerName, customers }: UserRow) {
	const customerNames = customers?.map((customer) => customer.name) ?? 'ALL';
	return { name, role, misRole, userAccount, dealer: dealerName, customers: customerNames };
}

type UserAction =
	`user.${'add' | 'edit' | 'delete' | 'resend_activation' | 'end_sessions' | 'reset_second_factor'}`;

async function record(
	transaction: Database,
	{ principal, origin }: Actor,
	action: UserAction,
	email: string,
	before: ReturnType<typeof auditOf> | null,
	after: ReturnType<typeof auditOf> | { readonly sessions: number } | null,
): Promise<void> {
	const subject = { kind: 'user', id: email } as const;
	await recordAudit(transaction, principal, origin, { action, subject, before, after });
}

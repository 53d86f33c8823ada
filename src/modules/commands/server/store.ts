import { type Kysely, sql } from 'kysely';
import type { CommandValue } from '#contract/device-command.ts';
import { conditionAt, type DeviceCondition, type DeviceWord } from '#contract/device-condition.ts';
import type { DeviceFamily } from '#contract/family.ts';
import type { Scope } from '#contract/scope.ts';
import type { Status } from '#contract/status.ts';
import { inScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import type { DB } from '#platform/database/schema.ts';
import type { CommandAnswer, CommandTimes } from './rules.ts';

/** The device that a command is for, as it is at this moment. */
export interface Target extends DeviceCondition {
	readonly deviceNo: number;
	readonly deviceId: string;
	readonly vin: string | null;
	readonly customerNo: number | null;
	readonly customerName: string | null;
	readonly dealerNo: number | null;
}

export interface NewCommand {
	readonly commandId: string;
	readonly name: string;
	readonly value: CommandValue | undefined;
	readonly requestedAtMs: number;
	readonly requestedById: string;
	readonly requestedBy: string;
	readonly expiresAtMs: number;
	readonly answerByMs: number;
}

/** A command as it is stored, with what the device answered, oldest answer first. */
export interface StoredCommand extends CommandTimes {
	readonly commandId: string;
	readonly name: string;
	readonly value: CommandValue;
	readonly requestedAtMs: number;
	readonly requestedBy: string;
	/** Whose the device was when it was asked for. */
	readonly dealerNo: number | null;
	readonly customerNo: number | null;
	readonly answers: readonly CommandAnswer[];
}

/** First number of the advisory locks under which each device's commands follow one another. */
const deviceLock = 7_203_421;

/** A device in scope, or undefined. */
export async function readTarget(
	database: Database,
	scope: Scope,
	deviceId: string,
	nowMs: number,
): Promise<Target | undefined> {
	const row = await targets(database, nowMs)
		.where(inScope(scope))
		.where('d.device_id', '=', deviceId)
		.executeTakeFirst();
	return row && targetAt(row, nowMs);
}

/** A device by its number, whoever's it is: for what the server does by itself. */
export async function readTargetByNo(
	database: Database,
	deviceNo: number,
	nowMs: number,
): Promise<Target | undefined> {
	const row = await targets(database, nowMs).where('d.device_no', '=', deviceNo).executeTakeFirst();
	return row && targetAt(row, nowMs);
}

/** Makes whoever else wants to give this device a command wait for the end of the transaction. */
export async function lockDevice(transaction: Database, deviceNo: number): Promise<void> {
	await sql`select pg_advisory_xact_lock(${deviceLock}, ${deviceNo})`.execute(transaction);
}

export async function insertCommand(
	transaction: Database,
	scope: Scope,
	target: Target,
	command: NewCommand,
): Promise<void> {
	await transaction
		.insertInto('device_command')
		.values({
			command_id: command.commandId,
			organization_no: scope.organizationNo,
			device_no: target.deviceNo,
			dealer_no: target.dealerNo,
			customer_no: target.customerNo,
			name: command.name,
			value: command.value === undefined ? null : JSON.stringify(command.value),
			requested_at: new Date(command.requestedAtMs),
			requested_by_id: command.requestedById,
			requested_by_name: command.requestedBy,
			expires_at: new Date(command.expiresAtMs),
			answer_by: new Date(command.answerByMs),
		})
		.execute();
}

/** The newest command to a device, whoever gave it: only it can be under way. */
export async function readNewestCommand(
	database: Database,
	deviceNo: number,
): Promise<StoredCommand | undefined> {
	return commands(database, deviceNo).limit(1).executeTakeFirst();
}

/** One page of a device's commands from the time in which it was in the reader's scope, newest first, and their number. */
export async function readCommands(
	database: Database,
	scope: Scope,
	deviceNo: number,
	{ page, pageSize }: { readonly page: number; readonly pageSize: number },
): Promise<{ readonly commands: StoredCommand[]; readonly total: number }> {
	const [rows, { total }] = await Promise.all([
		commands(database, deviceNo)
			.where(inScope(scope, 'c'))
			.limit(pageSize)
			.offset((page - 1) * pageSize)
			.execute(),
		database
			.selectFrom('device_command as c')
			.where('c.device_no', '=', deviceNo)
			.where(inScope(scope, 'c'))
			.select(sql<number>`count(*)`.as('total'))
			.executeTakeFirstOrThrow(),
	]);
	return { commands: rows, total };
}

/** A device's commands from the time in which it was in the reader's scope, newest first, older than the one named. */
export async function readCommandsBefore(
	database: Database,
	scope: Scope,
	deviceNo: number,
	beforeId: string | null,
	limit: number,
): Promise<StoredCommand[]> {
	const visible = commands(database, deviceNo).where(inScope(scope, 'c'));
	const older =
		beforeId === null
			? visible
			: visible.where(
					sql<boolean>`c.command_no < (select b.command_no from device_command b
						where b.command_id::text = ${beforeId} and b.device_no = ${deviceNo})`,
				);
	return older.limit(limit).execute();
}

/** One of a device's commands from the time in which it was in the reader's scope. */
export function readCommand(
	database: Database,
	scope: Scope,
	deviceNo: number,
	commandId: string,
): Promise<StoredCommand | undefined> {
	return commands(database, deviceNo)
		.where(inScope(scope, 'c'))
		.where(sql<boolean>`c.command_id::text = ${commandId}`)
		.executeTakeFirst();
}

/** Those of the devices that a command may wait for. */
export async function readDevicesWithWaiting(
	database: Database,
	deviceNos: readonly number[],
	nowMs: number,
): Promise<number[]> {
	const rows = await database
		.selectFrom('device_command')
		.where('device_no', '=', sql<number>`any(${deviceNos}::int[])`)
		.where('expires_at', '>', new Date(nowMs))
		.where('arrived_at', 'is', null)
		.select('device_no')
		.distinct()
		.execute();
	return rows.map((row) => row.device_no);
}

/**
 * Notes that a command is about to be handed to a connection of its device, before it is: what was handed over is never
 * taken for something that was not. @returns false when it has expired or arrived meanwhile
 */
export async function claimForSending(
	database: Database,
	commandId: string,
	nowMs: number,
): Promise<boolean> {
	const now = new Date(nowMs);
	const claimed = await database
		.updateTable('device_command')
		.set({ sent_at: now })
		.where('command_id', '=', commandId)
		.where('expires_at', '>', now)
		.where('arrived_at', 'is', null)
		.returning('command_id')
		.executeTakeFirst();
	return claimed !== undefined;
}

export async function noteArrival(
	database: Database,
	commandId: string,
	atMs: number,
): Promise<void> {
	await database
		.updateTable('device_command')
		.set({ arrived_at: new Date(atMs) })
		.where('command_id', '=', commandId)
		.where('arrived_at', 'is', null)
		.execute();
}

function targets(database: Kysely<DB>, nowMs: number) {
	return database
		.selectFrom('v_device as d')
		.leftJoin('device_state as s', 's.device_no', 'd.device_no')
		.where('d.retired_at', 'is', null)
		.select([
			sql<number>`d.device_no`.as('deviceNo'),
			sql<string>`d.device_id`.as('deviceId'),
			sql<DeviceFamily>`d.family`.as('family'),
			'd.vin',
			'd.customer_no as customerNo',
			'd.customer_name as customerName',
			'd.dealer_no as dealerNo',
			sql<Status>`device_status(d.family, s.charging, s.ignition, s.speed_kmh, s.run_state,
				s.last_heard_at, ${new Date(nowMs)}::timestamptz)`.as('status'),
			sql<number>`d.reporting_interval_s`.as('reportingIntervalSeconds'),
			epochMs<number | null>('s.last_heard_at').as('lastHeardAtMs'),
			's.run_state as runState',
			epochMs<number | null>('s.engine_at').as('runStateAtMs'),
		]);
}

function targetAt(row: Omit<Target, keyof DeviceCondition> & DeviceWord, nowMs: number): Target {
	const { deviceNo, deviceId, vin, customerNo, customerName, dealerNo } = row;
	const condition = conditionAt(row, nowMs);
	return { deviceNo, deviceId, vin, customerNo, customerName, dealerNo, ...condition };
}

function commands(database: Database, deviceNo: number) {
	return database
		.selectFrom('device_command as c')
		.where('c.device_no', '=', deviceNo)
		.select([
			'c.command_id as commandId',
			'c.name',
			sql<CommandValue>`c.value`.as('value'),
			'c.requested_by_name as requestedBy',
			'c.dealer_no as dealerNo',
			'c.customer_no as customerNo',
			epochMs('c.requested_at').as('requestedAtMs'),
			epochMs('c.expires_at').as('expiresAtMs'),
			epochMs('c.answer_by').as('answerByMs'),
			epochMs<number | null>('c.sent_at').as('sentAtMs'),
			epochMs<number | null>('c.arrived_at').as('arrivedAtMs'),
			sql<CommandAnswer[]>`(
				select coalesce(json_agg(json_build_object(
					'status', a.status, 'reason', a.reason,
					'atMs', ${epochMs('a.at')}) order by a.fact_no), '[]')
				from v_command_answer a
				where a.command_id = c.command_id and a.device_no = c.device_no
			)`.as('answers'),
		])
		.orderBy('c.command_no', 'desc');
}

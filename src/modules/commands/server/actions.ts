import { randomUUID } from 'node:crypto';
import { deviceFamilyLabels } from '#contract/family.ts';
import { fault } from '#contract/faults.ts';
import type { Principal } from '#contract/principal.ts';
import { type AuditOrigin, recordAudit } from '#modules/audit/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { CommandKind, TracedCommand } from '../contract.ts';
import { commandProgress, forbidding, isUnderWay, nextChangeAtMs } from './rules.ts';
import {
	insertCommand,
	lockDevice,
	type NewCommand,
	readNewestCommand,
	readTarget,
	type StoredCommand,
	type Target,
} from './store.ts';
import { found, traced } from './trace.ts';

export interface ActionOptions {
	readonly database: Database;
	readonly clock: Clock;
	readonly kinds: ReadonlyMap<string, CommandKind>;
	/** Hands over what is stored. */
	deliver(deviceNo: number): Promise<void>;
	onChanged(deviceNo: number): void;
}

export interface Wanted {
	readonly deviceId: string;
	readonly name: string;
	readonly value?: unknown;
}

/**
 * Stores a command and hands it to the device if it is there; else it waits for the device until it expires.
 * @throws `not_found`, `invalid_input`, `not_permitted`, `command_not_for_family`, `command_interlocked`,
 * `command_under_way`
 */
export async function giveCommand(
	options: ActionOptions,
	principal: Principal,
	origin: AuditOrigin,
	wanted: Wanted,
): Promise<TracedCommand> {
	const { database, clock, kinds } = options;
	const target = found(await readTarget(database, principal.scope, wanted.deviceId, clock()));
	const kind = permittedKind(kinds, principal, wanted.name);
	const value = acceptedValue(kind, wanted.value);
	refuseWhatIsNotSafe(kind, target);
	await database.transaction().execute(async (transaction) => {
		await lockDevice(transaction, target.deviceNo);
		const nowMs = clock();
		refuseSecond(kinds, await readNewestCommand(transaction, target.deviceNo), nowMs);
		const command: NewCommand = {
			commandId: randomUUID(),
			name: kind.name,
			value,
			requestedAtMs: nowMs,
			requestedById: principal.userId,
			requestedBy: principal.name,
			expiresAtMs: nowMs + kind.expirySeconds * 1_000,
			answerByMs: nowMs + kind.answerSeconds * 1_000,
		};
		await insertCommand(transaction, principal.scope, target, command);
		await recordAudit(transaction, principal, origin, {
			action: 'command.request',
			subject: { kind: 'device', id: target.deviceId },
			before: null,
			after: {
				commandId: command.commandId,
				name: kind.name,
				...(value !== undefined && { value }),
				expiresAt: new Date(command.expiresAtMs).toISOString(),
				vin: target.vin,
				customer: target.customerName,
			},
		});
	});
	options.onChanged(target.deviceNo);
	await options.deliver(target.deviceNo);
	const stored = await readNewestCommand(database, target.deviceNo);
	if (stored === undefined) throw new Error('a stored command cannot be found');
	return traced(stored, kinds, clock());
}

function permittedKind(
	kinds: ReadonlyMap<string, CommandKind>,
	{ role }: Principal,
	name: string,
): CommandKind {
	const kind = kinds.get(name);
	if (kind === undefined) {
		const message = `There is no command "${name}".`;
		throw fault('invalid_input', { summary: message }, [{ path: 'body.name', message }]);
	}
	if (!kind.admits.includes(role)) throw fault('not_permitted');
	return kind;
}

function acceptedValue(kind: CommandKind, value: unknown) {
	if (kind.value === null && value === undefined) return undefined;
	const parsed = kind.value?.safeParse(value);
	if (parsed?.success) return parsed.data;
	const message = parsed?.error.issues[0]?.message ?? `${kind.label} carries no value.`;
	throw fault('invalid_input', { summary: message }, [{ path: 'body.value', message }]);
}

function refuseWhatIsNotSafe(kind: CommandKind, target: Target): void {
	if (!kind.families.includes(target.family))
		throw fault('command_not_for_family', {
			command: kind.label,
			family: deviceFamilyLabels[target.family],
		});
	const interlock = forbidding(kind.interlocks, target);
	if (interlock !== null)
		throw fault('command_interlocked', { command: kind.label, because: interlock.because });
}

function refuseSecond(
	kinds: ReadonlyMap<string, CommandKind>,
	newest: StoredCommand | undefined,
	nowMs: number,
): void {
	if (newest === undefined) return;
	if (!isUnderWay(commandProgress(newest, newest.answers, nowMs).state)) return;
	const leftMs = nextChangeAtMs(newest, newest.answers, nowMs) - nowMs;
	throw fault('command_under_way', {
		command: kinds.get(newest.name)?.label ?? newest.name,
		leftSeconds: Math.ceil(leftMs / 1_000),
	});
}

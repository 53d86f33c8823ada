import { randomUUID } from 'node:crypto';
import type { SettingValue, SettingValues } from '#contract/device-settings.ts';
import { deviceFamilyLabels } from '#contract/family.ts';
import { fault } from '#contract/faults.ts';
import { commandingRole, type Principal } from '#contract/principal.ts';
import { isInScope, type Scope } from '#contract/scope.ts';
import { type AuditOrigin, recordAudit } from '#modules/audit/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import {
	type CommandKind,
	forbidding,
	type SettledDevice,
	settingValues,
	type TracedCommand,
} from '../contract.ts';
import { commandProgress, isUnderWay, nextChangeAtMs } from './rules.ts';
import { readHeldSettings } from './settings-store.ts';
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
	/** Where the value stands in the request, for what is wrong with it; `body.value` unless said. */
	readonly valuePath?: string;
}

/** Knows a request that was answered before; both parts belong into the transaction that stores the command. */
export interface RepeatGuard {
	/** What the request was answered, if it was. */
	earlier(transaction: Database): Promise<TracedCommand | null>;
	keep(transaction: Database, answer: TracedCommand): Promise<void>;
}

export interface GivenCommand {
	/** As it was when it was stored. */
	readonly command: TracedCommand;
	readonly isRepeat: boolean;
}

/**
 * Stores a command and hands it to the device if it is there; else it waits for the device until it expires.
 * @param guard recognises a repeat, which is answered as before and does nothing
 * @throws `not_found`, `invalid_input`, `not_permitted`, `command_not_for_family`, `command_interlocked`,
 * `command_under_way`
 */
export async function giveCommand(
	options: ActionOptions,
	principal: Principal,
	origin: AuditOrigin,
	wanted: Wanted,
	guard: RepeatGuard | null = null,
): Promise<GivenCommand> {
	const { database, clock, kinds } = options;
	const { scope } = principal;
	const { deviceNo } = found(await readTarget(database, scope, wanted.deviceId, clock()));
	const kind = permittedKind(kinds, principal, wanted.name);
	const given = await database.transaction().execute(async (transaction) => {
		const earlier = (await guard?.earlier(transaction)) ?? null;
		if (earlier !== null) return { command: earlier, isRepeat: true };
		await lockDevice(transaction, deviceNo);
		// Read behind the lock: what was answered until now counts.
		const target = found(await readTarget(transaction, scope, wanted.deviceId, clock()));
		refuseOtherFamily(kind, target);
		const settings = await settingsFor(transaction, kind, target);
		const value = acceptedValue(kind, { ...target, settings }, wanted);
		refuseWhatIsNotSafe(kind, target);
		const nowMs = clock();
		const newest = await readNewestCommand(transaction, target.deviceNo);
		refuseSecond(kinds, scope, target, newest, nowMs);
		const command: NewCommand = {
			commandId: randomUUID(),
			name: kind.name,
			value,
			requestedAtMs: nowMs,
			requestedById: principal.userId,
			requestedBy: requesterOf(principal),
			expiresAtMs: nowMs + kind.expirySeconds * 1_000,
			answerByMs: nowMs + kind.answerSeconds * 1_000,
		};
		await insertCommand(transaction, scope, target, command);
		await recordAudit(transaction, principal, origin, {
			action: 'command.request',
			subject: { kind: 'device', id: target.deviceId },
			before: replacedBy(value, settings),
			after: {
				commandId: command.commandId,
				name: kind.name,
				...(value !== undefined && { value }),
				expiresAt: new Date(command.expiresAtMs).toISOString(),
				vin: target.vin,
				customer: target.customerName,
			},
		});
		const stored = await readStored(transaction, target.deviceNo);
		const answer = traced(stored, kinds, nowMs);
		await guard?.keep(transaction, answer);
		return { command: answer, isRepeat: false };
	});
	if (!given.isRepeat) {
		options.onChanged(deviceNo);
		await options.deliver(deviceNo);
	}
	return given;
}

async function readStored(database: Database, deviceNo: number): Promise<StoredCommand> {
	const stored = await readNewestCommand(database, deviceNo);
	if (stored === undefined) throw new Error('a stored command cannot be found');
	return stored;
}

/** Who wants it, for everybody who sees the device: a program is told from its owner. */
function requesterOf({ name, credential }: Principal): string {
	return credential.kind === 'token' ? `${name} (API token)` : name;
}

function permittedKind(
	kinds: ReadonlyMap<string, CommandKind>,
	principal: Principal,
	name: string,
): CommandKind {
	const kind = kinds.get(name);
	if (kind === undefined) {
		const message = `There is no command "${name}".`;
		throw fault('invalid_input', { summary: message }, [{ path: 'body.name', message }]);
	}
	if (!kind.admits.includes(commandingRole(principal))) throw fault('not_permitted');
	return kind;
}

/** What a kind with a value is checked against; nothing is read for one without. */
async function settingsFor(
	database: Database,
	kind: CommandKind,
	target: Target,
): Promise<SettingValues> {
	return kind.value === null ? {} : settingValues(await readHeldSettings(database, target));
}

/** The settings that a value replaces, for the audit log; null where it replaces nothing that is known. */
function replacedBy(value: unknown, settings: SettingValues): Record<string, SettingValue> | null {
	const written = Object.keys(Object(value));
	const replaced = Object.entries(settings).filter(([name]) => written.includes(name));
	return replaced.length === 0 ? null : Object.fromEntries(replaced);
}

function acceptedValue(
	kind: CommandKind,
	device: SettledDevice,
	{ value, valuePath = 'body.value' }: Wanted,
) {
	if (kind.value === null && value === undefined) return undefined;
	const parsed = kind.value?.(device).safeParse(value);
	if (parsed?.success) return parsed.data;
	const issues = parsed?.error.issues ?? [{ path: [], message: `${kind.label} carries no value.` }];
	const problems = issues.map(({ path, message }) => ({
		path: [valuePath, ...path].join('.'),
		message,
	}));
	throw fault('invalid_input', { summary: problems[0]?.message ?? '' }, problems);
}

function refuseOtherFamily(kind: CommandKind, { family }: Target): void {
	if (!kind.families.includes(family))
		throw fault('command_not_for_family', {
			command: kind.label,
			family: deviceFamilyLabels[family],
		});
}

function refuseWhatIsNotSafe(kind: CommandKind, target: Target): void {
	const interlock = forbidding(kind.interlocks, target);
	if (interlock !== null)
		throw fault('command_interlocked', { command: kind.label, because: interlock.because });
}

function refuseSecond(
	kinds: ReadonlyMap<string, CommandKind>,
	scope: Scope,
	{ deviceNo }: Target,
	newest: StoredCommand | undefined,
	nowMs: number,
): void {
	if (newest === undefined) return;
	if (!isUnderWay(commandProgress(newest, newest.answers, nowMs).state)) return;
	const { organizationNo } = scope;
	// Whoever had the device before may have given it: then what it is stays with them.
	const isSeen = isInScope(scope, deviceNo, { ...newest, organizationNo });
	const leftMs = nextChangeAtMs(newest, newest.answers, nowMs) - nowMs;
	throw fault('command_under_way', {
		command: isSeen ? (kinds.get(newest.name)?.label ?? newest.name) : 'Another command',
		leftSeconds: Math.ceil(leftMs / 1_000),
	});
}

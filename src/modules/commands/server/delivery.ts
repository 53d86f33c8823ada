import type { CommandMessage, CommandValue } from '#contract/device-command.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import { type CommandKind, forbidding, settingValues } from '../contract.ts';
import { mayBeSent } from './rules.ts';
import { readHeldSettings } from './settings-store.ts';
import {
	claimForSending,
	noteArrival,
	readDevicesWithWaiting,
	readNewestCommand,
	readTargetByNo,
	type StoredCommand,
	type Target,
} from './store.ts';

/** The way to the devices' connections. It keeps nothing for a device that is not there. */
export interface CommandOutlet {
	takesCommands(deviceNo: number): boolean;
	/** @returns whether a connection took it */
	sendCommand(command: {
		readonly deviceNo: number;
		readonly commandId: string;
		readonly body: string;
		readonly expiresAtMs: number;
	}): boolean;
}

export interface DeliveryOptions {
	readonly database: Database;
	readonly clock: Clock;
	readonly log: Log;
	readonly kinds: ReadonlyMap<string, CommandKind>;
	readonly outlet: CommandOutlet;
	/** Something about a device's commands is different now. */
	onChanged(deviceNo: number): void;
}

/** Devices that subscribe within this time share one query: after a restart all of them do. */
const gatherMs = 20;

/**
 * Hands stored commands to devices: at once where the device is there, else when it subscribes, as long as they have not
 * expired. What is stored decides, so that a restart in between changes nothing.
 */
export class Delivery {
	readonly #options: DeliveryOptions;
	readonly #turns = new Map<number, Promise<void>>();
	#listening = new Set<number>();

	constructor(options: DeliveryOptions) {
		this.#options = options;
	}

	/** Hands the newest command to its device if it may go and the device is there. Never throws. */
	deliver(deviceNo: number): Promise<void> {
		return this.#inTurn(deviceNo, () => this.#handOver(deviceNo));
	}

	/** A device takes commands from now on. */
	listening(deviceNo: number): void {
		if (this.#listening.size === 0) setTimeout(() => void this.#askForWaiting(), gatherMs);
		this.#listening.add(deviceNo);
	}

	/** A device's connection acknowledged a command; no other will be given it. */
	arrived(deviceNo: number, commandId: string): Promise<void> {
		const { database, clock, onChanged } = this.#options;
		const atMs = clock();
		return this.#inTurn(deviceNo, async () => {
			await noteArrival(database, commandId, atMs);
			onChanged(deviceNo);
		});
	}

	async #askForWaiting(): Promise<void> {
		const { database, clock, log } = this.#options;
		const asked = [...this.#listening];
		this.#listening = new Set();
		try {
			const found = await readDevicesWithWaiting(database, asked, clock());
			await Promise.all(found.map((deviceNo) => this.deliver(deviceNo)));
		} catch (error) {
			log.warn({ err: error }, 'commands that may wait could not be read; they will expire');
		}
	}

	async #handOver(deviceNo: number): Promise<void> {
		const { database, clock, outlet, onChanged } = this.#options;
		if (!outlet.takesCommands(deviceNo)) return;
		const command = await readNewestCommand(database, deviceNo);
		if (command === undefined || !mayBeSent(command, command.answers, clock())) return;
		if (!(await this.#isStillRight(deviceNo, command))) return;
		if (!(await claimForSending(database, command.commandId, clock()))) return;
		const { commandId, expiresAtMs } = command;
		outlet.sendCommand({ deviceNo, commandId, body: bodyOf(command), expiresAtMs });
		onChanged(deviceNo);
	}

	/** Whether the device still belongs to whom it did, takes the value, and no interlock forbids the command now. */
	async #isStillRight(deviceNo: number, command: StoredCommand): Promise<boolean> {
		const { database, clock, kinds, log } = this.#options;
		const kind = kinds.get(command.name);
		const target = await readTargetByNo(database, deviceNo, clock());
		if (kind === undefined || target === undefined) return false;
		if (target.dealerNo !== command.dealerNo || target.customerNo !== command.customerNo)
			return false;
		const because =
			forbidding(kind.interlocks, target)?.because ??
			(await this.#refusal(kind, target, command.value));
		if (because !== null) log.info({ deviceNo, command: command.commandId, because }, 'held back');
		return because === null;
	}

	/** What the value of a command is wrong for by now, or null. */
	async #refusal(kind: CommandKind, target: Target, value: CommandValue): Promise<string | null> {
		if (kind.value === null) return null;
		const settings = settingValues(await readHeldSettings(this.#options.database, target));
		const { error } = kind.value({ ...target, settings }).safeParse(value);
		return error?.issues[0]?.message ?? null;
	}

	/** One thing after the other for each device, so that an arrival is noted before the next look. */
	#inTurn(deviceNo: number, work: () => Promise<void>): Promise<void> {
		const before = this.#turns.get(deviceNo) ?? Promise.resolve();
		const turn = before.then(work).catch((error: unknown) => {
			this.#options.log.warn({ err: error, deviceNo }, 'a command could not be seen to');
		});
		this.#turns.set(deviceNo, turn);
		return turn.finally(() => {
			if (this.#turns.get(deviceNo) === turn) this.#turns.delete(deviceNo);
		});
	}
}

function bodyOf({ commandId, name, value, expiresAtMs }: StoredCommand): string {
	const message: CommandMessage = {
		commandId,
		name,
		...(value !== null && { value }),
		expiresAt: new Date(expiresAtMs).toISOString(),
	};
	return JSON.stringify(message);
}

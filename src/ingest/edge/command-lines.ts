import type { Clock } from '#platform/clock.ts';

/** A command on its way to a device. */
export interface OutgoingCommand {
	readonly deviceNo: number;
	readonly commandId: string;
	/** What the device reads: JSON. */
	readonly body: string;
	readonly expiresAtMs: number;
}

export interface CommandLinesOptions {
	readonly clock: Clock;
	/** A device takes commands from now on: what waits for it may be sent. */
	onListening(deviceNo: number): void;
	/** A device's connection acknowledged a command; where there are no acknowledgements, it was written. */
	onArrived(deviceNo: number, commandId: string): void;
}

/** Something over which a device takes commands: a subscribed connection, or a request that waits for one. */
export interface CommandTaker {
	/** Whether the device acknowledges each command. */
	readonly isAcknowledging: boolean;
	readonly isClosed: boolean;
	/** Writes a command. @param written called when it has left */
	write(command: OutgoingCommand, written: () => void): void;
	/** Ends without sending what still waits to be sent. */
	reset(): void;
}

interface Unacknowledged {
	readonly commandId: string;
	readonly tooLate: NodeJS.Timeout;
}

interface Line {
	readonly taker: CommandTaker;
	last: OutgoingCommand | null;
	/** In the order in which they were sent, in which PUBACKs come (MQTT 3.1.1, 4.6). */
	readonly unacknowledged: Unacknowledged[];
}

/**
 * Over what devices take commands: of each device the connection that subscribed last, or the request that asked last.
 * A command goes there or nowhere; nothing is kept for later.
 */
export class CommandLines {
	readonly #options: CommandLinesOptions;
	readonly #lines = new Map<number, Line>();

	constructor(options: CommandLinesOptions) {
		this.#options = options;
	}

	/** The device takes commands over this one from now on. */
	open(deviceNo: number, taker: CommandTaker): void {
		if (this.#lineOf(deviceNo, taker) === undefined) {
			this.#end(deviceNo);
			this.#lines.set(deviceNo, { taker, last: null, unacknowledged: [] });
		}
		this.#options.onListening(deviceNo);
	}

	/** It ended or takes no commands any more. */
	close(deviceNo: number, taker: CommandTaker): void {
		if (this.#lineOf(deviceNo, taker) === undefined) return;
		this.#end(deviceNo);
		this.#lines.delete(deviceNo);
	}

	/** Whether a device takes commands at this moment. */
	takesCommands(deviceNo: number): boolean {
		return this.#lines.get(deviceNo)?.taker.isClosed === false;
	}

	/**
	 * Hands a command to the device, once per connection.
	 * @returns false when the device takes no commands now, or the command has expired
	 */
	sendCommand(command: OutgoingCommand): boolean {
		const { deviceNo, commandId } = command;
		const line = this.#lines.get(deviceNo);
		const leftMs = command.expiresAtMs - this.#options.clock();
		if (line === undefined || line.taker.isClosed || leftMs <= 0) return false;
		if (line.last?.commandId === commandId) return true;
		line.last = command;
		const { taker } = line;
		if (taker.isAcknowledging)
			line.unacknowledged.push({
				commandId,
				// What lies in a stalled connection would reach the device whenever it recovers.
				tooLate: setTimeout(() => taker.reset(), leftMs).unref(),
			});
		taker.write(command, () => {
			if (!taker.isAcknowledging) this.#options.onArrived(deviceNo, commandId);
		});
		return true;
	}

	/** The device acknowledged what was sent over this one first. */
	acknowledged(deviceNo: number, taker: CommandTaker): void {
		const first = this.#lineOf(deviceNo, taker)?.unacknowledged.shift();
		if (first === undefined) return;
		clearTimeout(first.tooLate);
		this.#options.onArrived(deviceNo, first.commandId);
	}

	/** Whether a command was just sent over this one that has not expired: nothing else may go there. */
	mayForward(deviceNo: number, taker: CommandTaker): boolean {
		const last = this.#lineOf(deviceNo, taker)?.last;
		return last != null && this.#options.clock() < last.expiresAtMs;
	}

	#lineOf(deviceNo: number, taker: CommandTaker): Line | undefined {
		const line = this.#lines.get(deviceNo);
		return line?.taker === taker ? line : undefined;
	}

	#end(deviceNo: number): void {
		for (const { tooLate } of this.#lines.get(deviceNo)?.unacknowledged ?? [])
			clearTimeout(tooLate);
	}
}

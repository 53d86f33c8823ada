import { Socket } from 'node:net';
import type { Client, Connection } from 'aedes';
import { commandTopic } from '#contract/device-topics.ts';
import type { Clock } from '#platform/clock.ts';
import type { AuthenticatedDevice } from './device-directory.ts';

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
	/** A device's connection acknowledged a command; with quality 0, it was written. */
	onArrived(deviceNo: number, commandId: string): void;
}

interface Unacknowledged {
	readonly commandId: string;
	readonly tooLate: NodeJS.Timeout;
}

interface Line {
	readonly device: AuthenticatedDevice;
	readonly client: Client;
	readonly qos: 0 | 1;
	last: OutgoingCommand | null;
	/** In the order in which they were sent, in which PUBACKs come (MQTT 3.1.1, 4.6). */
	readonly unacknowledged: Unacknowledged[];
}

/**
 * The connections over which devices take commands: the newest of each device that subscribed to its command topic. A
 * command goes to that connection or nowhere; nothing is kept for later.
 */
export class CommandLines {
	readonly #options: CommandLinesOptions;
	readonly #lines = new Map<number, Line>();

	constructor(options: CommandLinesOptions) {
		this.#options = options;
	}

	/** A connection of the device subscribed to its commands. */
	open(device: AuthenticatedDevice, client: Client, qos: 0 | 1): void {
		const line = this.#lineOf(device.deviceNo, client);
		if (line?.qos !== qos) {
			this.#end(device.deviceNo);
			this.#lines.set(device.deviceNo, { device, client, qos, last: null, unacknowledged: [] });
		}
		this.#options.onListening(device.deviceNo);
	}

	/** The connection ended or takes no commands any more. */
	close(deviceNo: number, client: Client): void {
		if (this.#lineOf(deviceNo, client) === undefined) return;
		this.#end(deviceNo);
		this.#lines.delete(deviceNo);
	}

	isOpen(deviceNo: number): boolean {
		return this.#lines.get(deviceNo)?.client.closed === false;
	}

	/**
	 * Hands a command to the device's connection, once per connection.
	 * @returns false when no connection of the device takes commands, or the command has expired
	 */
	send(command: OutgoingCommand): boolean {
		const { deviceNo, commandId } = command;
		const line = this.#lines.get(deviceNo);
		const leftMs = command.expiresAtMs - this.#options.clock();
		if (line === undefined || line.client.closed || leftMs <= 0) return false;
		if (line.last?.commandId === commandId) return true;
		line.last = command;
		if (line.qos === 1)
			line.unacknowledged.push({
				commandId,
				// What lies in a stalled connection would reach the device whenever it recovers.
				tooLate: setTimeout(() => reset(line.client.conn), leftMs).unref(),
			});
		line.client.publish(
			{
				cmd: 'publish',
				topic: commandTopic(line.device.deviceId),
				payload: command.body,
				qos: line.qos,
				dup: false,
				retain: false,
			},
			() => {
				if (line.qos === 0 && !line.client.closed) this.#options.onArrived(deviceNo, commandId);
			},
		);
		return true;
	}

	/** The connection acknowledged what was sent to it first. */
	acknowledged(deviceNo: number, client: Client): void {
		const first = this.#lineOf(deviceNo, client)?.unacknowledged.shift();
		if (first === undefined) return;
		clearTimeout(first.tooLate);
		this.#options.onArrived(deviceNo, first.commandId);
	}

	/**
	 * Whether the broker may write to a connection now: the command just sent, and only while it has not expired. What
	 * the broker kept of an earlier connection of a persistent session never passes.
	 */
	mayForward(deviceNo: number, client: Client): boolean {
		const last = client.connecting ? null : this.#lineOf(deviceNo, client)?.last;
		return last != null && this.#options.clock() < last.expiresAtMs;
	}

	#lineOf(deviceNo: number, client: Client): Line | undefined {
		const line = this.#lines.get(deviceNo);
		return line?.client === client ? line : undefined;
	}

	#end(deviceNo: number): void {
		for (const { tooLate } of this.#lines.get(deviceNo)?.unacknowledged ?? [])
			clearTimeout(tooLate);
	}
}

/** Ends a connection without sending what still waits to be sent. */
function reset(connection: Connection): void {
	if (connection instanceof Socket) connection.resetAndDestroy();
	else connection.destroy();
}

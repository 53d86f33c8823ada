import type { ServerResponse } from 'node:http';
import type { CommandTaker, OutgoingCommand } from './command-lines.ts';

/** A request that waits for a command. There is no acknowledgement: a command has arrived when its answer is written. */
export class CommandPoll implements CommandTaker {
	readonly isAcknowledging = false;
	/** The command as the device reads it; null: none came in time. */
	readonly answer: Promise<string | null>;
	readonly #response: ServerResponse;
	readonly #timer: NodeJS.Timeout;
	readonly #answer = Promise.withResolvers<string | null>();
	#isOver = false;

	constructor(response: ServerResponse, waitMs: number) {
		this.#response = response;
		this.answer = this.#answer.promise;
		this.#timer = setTimeout(() => this.end(), waitMs);
		response.once('close', () => this.end());
	}

	get isClosed(): boolean {
		return this.#isOver || this.#response.destroyed;
	}

	write(command: OutgoingCommand, written: () => void): void {
		if (this.isClosed) return;
		this.#response.once('finish', written);
		this.#finish(command.body);
	}

	/** Gives up waiting. */
	end(): void {
		this.#finish(null);
	}

	reset(): void {
		this.#response.destroy();
	}

	#finish(body: string | null): void {
		this.#isOver = true;
		clearTimeout(this.#timer);
		this.#answer.resolve(body);
	}
}

import type { MqttClient } from 'mqtt';
import { type CommandMessage, commandMessageSchema } from '#contract/device-command.ts';
import { commandResultTopic, commandTopic } from '#contract/device-topics.ts';

export interface CommandsSettings {
	readonly deviceId: string;
	/** What the device makes of a command; null when it does not know it. */
	readonly dutyOf: (name: string, value: unknown) => Duty | null;
	/** Hears of a command that makes no sense to the device. */
	readonly onTrouble: (trouble: string) => void;
}

/** What a device makes of a command that it knows: a refusal, or something that takes its time. */
export type Duty =
	| { readonly refusal: string }
	/** Resolves with why it failed, or null when it is done. */
	| { readonly work: () => Promise<string | null> };

interface Result {
	readonly status: 'ACCEPTED' | 'DONE' | 'REFUSED' | 'FAILED';
	readonly reason?: string;
}

/**
 * What a device makes of commands. It remembers those it has heard over a restart, does each once, and says a result
 * again on the next connection until it is acknowledged.
 */
export class DeviceCommands {
	readonly #settings: CommandsSettings;
	readonly #heard = new Set<string>();
	readonly #unacknowledged = new Map<string, string>();
	#client: MqttClient | null = null;
	#said = 0;

	constructor(settings: CommandsSettings) {
		this.#settings = settings;
	}

	/** Takes commands from a connection that was just made. */
	listen(client: MqttClient): void {
		this.#client = client;
		client.on('message', (_topic, payload) => this.#hear(payload));
		// An error means that the connection ended; the next one subscribes again.
		client.subscribe(commandTopic(this.#settings.deviceId), { qos: 1 }, () => {});
		for (const [key, body] of this.#unacknowledged) this.#publish(key, body);
	}

	#hear(payload: Buffer): void {
		const command = readCommand(payload);
		if (command === null) {
			this.#settings.onTrouble('a command could not be read');
			return;
		}
		if (this.#heard.has(command.commandId)) return;
		this.#heard.add(command.commandId);
		void this.#obey(command);
	}

	async #obey({ commandId, name, value, expiresAt }: CommandMessage): Promise<void> {
		if (Date.now() >= Date.parse(expiresAt)) {
			await this.#say(commandId, { status: 'REFUSED', reason: 'It came after it had expired.' });
			return;
		}
		const duty = this.#settings.dutyOf(name, value) ?? { refusal: `It does not know "${name}".` };
		if ('refusal' in duty) {
			await this.#say(commandId, { status: 'REFUSED', reason: duty.refusal });
			return;
		}
		await this.#say(commandId, { status: 'ACCEPTED' });
		try {
			const reason = await duty.work();
			await this.#say(
				commandId,
				reason === null ? { status: 'DONE' } : { status: 'FAILED', reason },
			);
		} catch (error) {
			if (!(error instanceof Error && error.name === 'AbortError')) throw error;
		}
	}

	/** Resolves when it was acknowledged on this connection, or the connection ended. */
	#say(commandId: string, result: Result): Promise<void> {
		this.#said += 1;
		const key = `${this.#said} ${commandResultTopic(this.#settings.deviceId, commandId)}`;
		const body = JSON.stringify(result);
		this.#unacknowledged.set(key, body);
		return this.#publish(key, body);
	}

	async #publish(key: string, body: string): Promise<void> {
		const topic = key.slice(key.indexOf(' ') + 1);
		try {
			await this.#client?.publishAsync(topic, body, { qos: 1 });
			this.#unacknowledged.delete(key);
		} catch {
			// The connection ended: said again on the next.
		}
	}
}

function readCommand(payload: Buffer): CommandMessage | null {
	try {
		return commandMessageSchema.parse(JSON.parse(payload.toString('utf8')));
	} catch {
		return null;
	}
}

import type { Scope } from '#contract/scope.ts';
import type { LiveHub } from '#live/hub.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import {
	type CommandKind,
	type CommandsPage,
	commandsPageSize,
	deviceCommandsTopic,
} from '../contract.ts';
import { nextChangeAtMs } from './rules.ts';
import { readTarget } from './store.ts';
import { readTrace } from './trace.ts';

export interface CommandTopicOptions {
	readonly database: Database;
	readonly clock: Clock;
	readonly log: Log;
	readonly kinds: ReadonlyMap<string, CommandKind>;
}

/** Who watches which device's commands. */
export class CommandWatches {
	readonly #options: CommandTopicOptions;
	readonly #watches = new Map<number, Set<Watch>>();

	constructor(options: CommandTopicOptions) {
		this.#options = options;
	}

	serve(hub: LiveHub): void {
		hub.serve(deviceCommandsTopic, ({ principal, params, send }) => {
			const watch = new Watch(this.#options, principal.scope, params.deviceId, {
				send,
				onFound: (deviceNo) => {
					const watches = this.#watches.get(deviceNo) ?? new Set();
					this.#watches.set(deviceNo, watches.add(watch));
				},
			});
			watch.refresh();
			return { close: () => this.#end(watch) };
		});
	}

	/** Something about a device's commands is different now. */
	changed(deviceNo: number): void {
		for (const watch of this.#watches.get(deviceNo) ?? []) watch.refresh();
	}

	#end(watch: Watch): void {
		watch.end();
		if (watch.deviceNo === null) return;
		const watches = this.#watches.get(watch.deviceNo);
		watches?.delete(watch);
		if (watches?.size === 0) this.#watches.delete(watch.deviceNo);
	}
}

interface WatchEvents {
	send(page: CommandsPage): void;
	/** The device is in scope; changes of it matter from now on. */
	onFound(deviceNo: number): void;
}

/** One page that watches one device: sends what there is, and again after each change and when time changes a state. */
class Watch {
	deviceNo: number | null = null;
	readonly #options: CommandTopicOptions;
	readonly #scope: Scope;
	readonly #deviceId: string;
	readonly #events: WatchEvents;
	#isReading = false;
	#isStale = false;
	#hasEnded = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(options: CommandTopicOptions, scope: Scope, deviceId: string, events: WatchEvents) {
		this.#options = options;
		this.#scope = scope;
		this.#deviceId = deviceId;
		this.#events = events;
	}

	/** Reads and sends; changes that come meanwhile are read together afterwards. */
	refresh(): void {
		this.#isStale = true;
		if (this.#isReading) return;
		this.#isReading = true;
		void this.#readWhileStale()
			.catch((error: unknown) =>
				this.#options.log.warn({ err: error }, 'watched commands could not be read'),
			)
			.finally(() => {
				this.#isReading = false;
			});
	}

	end(): void {
		this.#hasEnded = true;
		clearTimeout(this.#timer);
	}

	async #readWhileStale(): Promise<void> {
		while (this.#isStale && !this.#hasEnded) {
			this.#isStale = false;
			await this.#read();
		}
	}

	async #read(): Promise<void> {
		const { database, clock, kinds } = this.#options;
		// Asked each time: the device may have left the reader's scope.
		const target = await readTarget(database, this.#scope, this.#deviceId, clock());
		if (target === undefined || this.#hasEnded) return;
		if (this.deviceNo === null) {
			this.deviceNo = target.deviceNo;
			this.#events.onFound(target.deviceNo);
		}
		const paging = { page: 1, pageSize: commandsPageSize };
		const nowMs = clock();
		const { page, stored } = await readTrace(
			database,
			kinds,
			this.#scope,
			target.deviceNo,
			paging,
			nowMs,
		);
		if (this.#hasEnded) return;
		this.#events.send(page);
		const next = Math.min(
			...stored.map((command) => nextChangeAtMs(command, command.answers, nowMs)),
		);
		clearTimeout(this.#timer);
		if (next !== Number.POSITIVE_INFINITY)
			this.#timer = setTimeout(() => this.refresh(), Math.max(0, next - clock()) + 1).unref();
	}
}

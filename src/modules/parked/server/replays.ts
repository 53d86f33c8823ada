import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Scope } from '#contract/scope.ts';
import type { DeviceBus } from '#ingest/bus/port.ts';
import { type ParkedMessage, replay } from '#ingest/replay.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import type { ReplayProgress, Selection } from '../contract.ts';
import { readReplays, readSelected } from './store.ts';

/** Messages on the road at once: enough to share commits, few enough that live messages hardly wait. */
const portionSize = 25;
const busFullPauseMs = 200;

export interface ReplaysOptions {
	readonly database: Database;
	readonly bus: DeviceBus;
	readonly clock: Clock;
	readonly log: Log;
}

/** What is to be replayed, and for whom. */
export interface ReplayOrder {
	readonly scope: Scope;
	readonly selection: Selection;
	readonly total: number;
	readonly startedBy: string;
}

/**
 * Replays parked messages in the order in which they came, one run per organization at a time. A run that ends with the
 * server leaves what it did not reach parked.
 */
export class Replays {
	readonly #options: ReplaysOptions;
	/** The newest run of each organization. */
	readonly #runs = new Map<number, { readonly scope: Scope; readonly progress: ReplayProgress }>();
	#isStopped = false;

	constructor(options: ReplaysOptions) {
		this.#options = options;
	}

	/** How far the organization's newest run has come, as far as it lies in the reader's scope. */
	progress(reader: Scope): ReplayProgress | null {
		const run = this.#runs.get(reader.organizationNo);
		return run !== undefined && sees(reader, run.scope) ? run.progress : null;
	}

	isRunning(organizationNo: number): boolean {
		return this.#runs.get(organizationNo)?.progress.state === 'running';
	}

	/** Begins a run; there must be none. */
	start(order: ReplayOrder): ReplayProgress {
		const { organizationNo } = order.scope;
		const run: ReplayProgress = {
			state: 'running',
			startedAtMs: this.#options.clock(),
			startedBy: order.startedBy,
			total: order.total,
			stored: 0,
			failed: 0,
			skipped: 0,
		};
		this.#runs.set(organizationNo, { scope: order.scope, progress: run });
		void this.#run(order, run).then(
			() => {
				run.state = this.#isStopped ? 'interrupted' : 'done';
			},
			(error: unknown) => {
				run.state = 'interrupted';
				this.#options.log.warn({ err: error }, 'a replay of parked messages was interrupted');
			},
		);
		return run;
	}

	stop(): void {
		this.#isStopped = true;
	}

	async #run({ scope, selection }: ReplayOrder, run: ReplayProgress): Promise<void> {
		const { database } = this.#options;
		let afterNo = 0;
		while (!this.#isStopped) {
			const portion = await readSelected(database, scope, selection, afterNo, portionSize);
			const last = portion.at(-1);
			if (last === undefined) return;
			afterNo = last.parkedNo;
			await Promise.all(portion.map((message) => this.#replay(message)));
			const left = await readReplays(
				database,
				portion.map(({ parkedNo }) => parkedNo),
			);
			for (const { parkedNo, replays } of portion) {
				const replaysNow = left.get(parkedNo);
				if (replaysNow === undefined) run.stored++;
				else if (replaysNow > replays) run.failed++;
				else run.skipped++;
			}
		}
	}

	async #replay(message: ParkedMessage): Promise<void> {
		while (!this.#isStopped) {
			const settled = replay(this.#options.bus, message);
			if (settled !== null) return settled;
			await setTimeout(busFullPauseMs);
		}
	}
}

/** Whether a reader sees at least what the other does: the whole organization, or just the same part of it. */
function sees(reader: Scope, other: Scope): boolean {
	const { dealerNo, customerNos, deviceNos } = reader;
	const isWhole = dealerNo === null && customerNos === null && deviceNos === null;
	return isWhole || isDeepStrictEqual(reader, other);
}

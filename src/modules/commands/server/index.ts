import type { FastifyInstance } from 'fastify';
import type { DeviceFact } from '#ingest/reaction.ts';
import type { LiveHub } from '#live/hub.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import { type CommandKind, commandAnswered } from '../contract.ts';
import { type CommandOutlet, Delivery } from './delivery.ts';
import { serveCommandRoutes } from './routes.ts';
import { CommandWatches } from './topics.ts';

export type { CommandOutlet } from './delivery.ts';
export { commandReaction } from './reaction.ts';

export interface CommandsOptions {
	readonly database: Database;
	readonly clock: Clock;
	readonly log: Log;
	/** Everything that devices can be told to do; modules bring theirs. */
	readonly kinds: readonly CommandKind[];
	readonly outlet: CommandOutlet;
}

export interface Commands {
	serve(app: FastifyInstance, hub: LiveHub): void;
	/** A device takes commands from now on. */
	deviceListens(deviceNo: number): void;
	/** A device's connection acknowledged a command. */
	commandArrived(deviceNo: number, commandId: string): void;
	/** Facts were committed, answers to commands perhaps among them. */
	factsCommitted(facts: readonly DeviceFact[]): void;
}

/** What devices are told to do, from the request to the device's answer. */
export function createCommands(options: CommandsOptions): Commands {
	const { database, clock } = options;
	const kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
	const watches = new CommandWatches({ ...options, kinds });
	const onChanged = (deviceNo: number): void => watches.changed(deviceNo);
	const delivery = new Delivery({ ...options, kinds, onChanged });
	return {
		serve(app, hub) {
			const deliver = (deviceNo: number) => delivery.deliver(deviceNo);
			serveCommandRoutes(app, { database, clock, kinds, deliver, onChanged });
			watches.serve(hub);
		},
		deviceListens: (deviceNo) => delivery.listening(deviceNo),
		commandArrived: (deviceNo, commandId) => void delivery.arrived(deviceNo, commandId),
		factsCommitted(facts) {
			for (const { kind, device } of facts)
				if (kind === commandAnswered.kind) onChanged(device.deviceNo);
		},
	};
}

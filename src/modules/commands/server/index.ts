import type { FastifyInstance } from 'fastify';
import type { DeviceFamily } from '#contract/family.ts';
import type { Scope } from '#contract/scope.ts';
import type { DeviceFact } from '#ingest/reaction.ts';
import type { LiveHub } from '#live/hub.ts';
import type { Actor } from '#modules/audit/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { Log } from '#platform/log.ts';
import {
	type CommandKind,
	commandAnswered,
	type HeldSettings,
	type TracedCommand,
} from '../contract.ts';
import {
	type ActionOptions,
	type GivenCommand,
	giveCommand,
	type RepeatGuard,
	type Wanted,
} from './actions.ts';
import { type CommandOutlet, Delivery } from './delivery.ts';
import { serveCommandRoutes } from './routes.ts';
import { readHeldSettings } from './settings-store.ts';
import { readTarget } from './store.ts';
import { CommandWatches } from './topics.ts';
import { findTrace, found, readTraceBefore } from './trace.ts';

export type { GivenCommand, RepeatGuard, Wanted } from './actions.ts';
export type { CommandOutlet } from './delivery.ts';
export { commandReaction } from './reaction.ts';
export { settingsReaction } from './settings-reaction.ts';

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
	/** Everything that devices can be told to do. */
	readonly kinds: readonly CommandKind[];
	/** Tells a device to do something, as {@link giveCommand}. */
	give(actor: Actor, wanted: Wanted, guard: RepeatGuard | null): Promise<GivenCommand>;
	/** One command to a device. @throws `not_found` */
	find(scope: Scope, deviceId: string, commandId: string): Promise<TracedCommand>;
	/** A device's commands, newest first, older than the one named. @throws `not_found` */
	readBefore(
		scope: Scope,
		deviceId: string,
		page: { readonly beforeId: string | null; readonly limit: number },
	): Promise<{ readonly commands: TracedCommand[]; readonly hasMore: boolean }>;
	/** The settings that a device has, with its family. @throws `not_found` */
	readSettings(
		scope: Scope,
		deviceId: string,
	): Promise<{ readonly family: DeviceFamily; readonly settings: HeldSettings }>;
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
	const deliver = (deviceNo: number) => delivery.deliver(deviceNo);
	const actions: ActionOptions = { database, clock, kinds, deliver, onChanged };
	return {
		serve(app, hub) {
			serveCommandRoutes(app, actions);
			watches.serve(hub);
		},
		kinds: options.kinds,
		give: ({ principal, origin }, wanted, guard) =>
			giveCommand(actions, principal, origin, wanted, guard),
		find: (scope, deviceId, commandId) =>
			findTrace(database, kinds, scope, deviceId, commandId, clock()),
		readBefore: (scope, deviceId, page) =>
			readTraceBefore(database, kinds, scope, deviceId, page, clock()),
		async readSettings(scope, deviceId) {
			const target = found(await readTarget(database, scope, deviceId, clock()));
			return { family: target.family, settings: await readHeldSettings(database, target) };
		},
		deviceListens: (deviceNo) => delivery.listening(deviceNo),
		commandArrived: (deviceNo, commandId) => void delivery.arrived(deviceNo, commandId),
		factsCommitted(facts) {
			for (const { kind, device } of facts)
				if (kind === commandAnswered.kind) onChanged(device.deviceNo);
		},
	};
}

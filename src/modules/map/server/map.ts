import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import type { Belonging, Scope } from '#contract/scope.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { LiveHub } from '#live/hub.ts';
import { readCustomer, readCustomerOptions } from '#modules/customers/server/index.ts';
import { readFleetDevices } from '#modules/fleet/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import type { Log } from '#platform/log.ts';
import {
	listMapCustomers,
	type MapFilter,
	mapDeviceSchema,
	mapPositionsTopic,
	searchMap,
	showMapDevice,
	showMapRegions,
	showMapSnapshot,
} from '../contract.ts';
import { LocationDirectory } from './location-directory.ts';
import type { MapQuestion } from './map-question.ts';
import { MapThread } from './map-thread.ts';
import { packChanges } from './pack.ts';
import { PositionFeed } from './position-feed.ts';
import { regionsOf } from './regions.ts';
import { findDevices } from './store.ts';

export interface MapOptions {
	readonly database: Database;
	readonly index: FleetIndex;
	readonly clock: Clock;
	readonly log: Log;
}

const mostCustomers = 50;

/** The Fleet Map's server side: the packed fleet, what changes in it, and the counts of regions. */
export class FleetMap {
	readonly #options: MapOptions;
	readonly #thread: MapThread;
	readonly #directory: LocationDirectory;
	readonly #feed: PositionFeed;

	constructor(options: MapOptions) {
		this.#options = options;
		const thread = new MapThread(options.index, options.log);
		this.#thread = thread;
		this.#directory = new LocationDirectory({
			...options,
			onRead: (places) => thread.setPlaces(places),
		});
		this.#feed = new PositionFeed(options.index, () => thread.locationNos);
	}

	/** A device said something, or its silence changed its status. */
	touch(deviceNo: number): void {
		this.#feed.touch(deviceNo);
	}

	/** A device may have changed hands. @param before to whom it belonged; null: it is new */
	replaced(deviceNo: number, before: Belonging | null): void {
		this.#feed.replaced(deviceNo, before);
	}

	/** Somebody changed an organization's locations, or where its customers are registered: its devices count anew. */
	placesChanged(organizationNo: number): void {
		this.#directory.changed(organizationNo);
	}

	/** How many devices in scope count in each location, by location number. */
	async countByLocation(scope: Scope): Promise<ReadonlyMap<number, number>> {
		await this.#directory.locations(scope.organizationNo);
		const counted = await this.#thread.counts(questionOf(scope, {}));
		return new Map(
			counted.map(({ locationNo, counts }) => [
				locationNo,
				counts.reduce((sum, count) => sum + count, 0),
			]),
		);
	}

	/** What changed goes out. */
	flush(): void {
		this.#feed.flush(this.#options.clock());
	}

	stop(): Promise<void> {
		return this.#thread.stop();
	}

	serve(app: FastifyInstance, hub: LiveHub): void {
		const { database, index, clock } = this.#options;

		serve(app, showMapSnapshot, async ({ query, principal: { scope } }) => {
			const asOfMs = clock();
			// A city's devices are known once its organization's places are.
			if (query.locationNo !== undefined) await this.#directory.locations(scope.organizationNo);
			return this.#thread.snapshot(questionOf(scope, query), asOfMs);
		});

		serve(app, showMapRegions, async ({ query, principal: { scope } }) => {
			const locations = await this.#directory.locations(scope.organizationNo);
			return regionsOf(locations, await this.#thread.counts(questionOf(scope, query)));
		});

		serve(app, showMapDevice, async ({ params: { deviceNo }, principal: { scope } }) => {
			const [device] = await readFleetDevices(database, scope, [deviceNo], clock());
			if (device === undefined) throw fault('not_found', { thing: 'device' });
			const locations = await this.#directory.locations(scope.organizationNo);
			const near = locations.get(this.#thread.locationNos[deviceNo] ?? 0)?.city ?? null;
			return mapDeviceSchema.parse({ ...device, near });
		});

		serve(app, searchMap, async ({ query, principal: { scope } }) => ({
			devices: await findDevices(database, scope, query.q),
		}));

		serve(app, listMapCustomers, async ({ query, principal: { scope } }) => {
			const { q, customerNo } = query;
			const chosen =
				customerNo === undefined ? undefined : await readCustomer(database, scope, customerNo);
			const found = await readCustomerOptions(database, scope, q, mostCustomers);
			const others = found.filter((each) => each.customerNo !== customerNo);
			return {
				customers: [...(chosen === undefined ? [] : [chosen]), ...others]
					.slice(0, mostCustomers)
					.map(({ customerNo, name }) => ({ customerNo, name })),
			};
		});

		hub.serve(mapPositionsTopic, ({ principal, params, send }) => {
			const question = questionOf(principal.scope, params);
			const close = this.#feed.watch({ question, send });
			// Nothing yet, but from now on no change is missed: the page reads its snapshot.
			send(packChanges(index.columns, [], [], clock()));
			return { close };
		});
	}
}

function questionOf(scope: Scope, { customerNo, locationNo }: MapFilter): MapQuestion {
	return { scope, customerNo: customerNo ?? null, locationNo: locationNo ?? null };
}

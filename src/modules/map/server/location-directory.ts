import type { Scope } from '#contract/scope.ts';
import { listCustomers } from '#modules/customers/server/index.ts';
import { type Location, listLocations } from '#modules/locations/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import type { OrganizationPlaces } from './fleet-locations.ts';

/** How long a change that nobody told of may stay unnoticed. */
const keepMs = 30_000;

export interface DirectoryOptions {
	readonly database: Database;
	readonly clock: Clock;
	/** Called with an organization's places whenever they were read. */
	readonly onRead: (places: OrganizationPlaces) => void;
}

interface Kept {
	readonly readAtMs: number;
	readonly locations: Promise<ReadonlyMap<number, Location>>;
}

/** The locations of organizations whose map is looked at, read again from time to time. */
export class LocationDirectory {
	readonly #options: DirectoryOptions;
	readonly #kept = new Map<number, Kept>();
	readonly #texts = new Map<number, string>();
	/** How often an organization's places were changed, so that what was read before is not taken for newer. */
	readonly #changes = new Map<number, number>();

	constructor(options: DirectoryOptions) {
		this.#options = options;
	}

	/** An organization's locations by number, in the order of country, state and city. */
	async locations(organizationNo: number): Promise<ReadonlyMap<number, Location>> {
		const nowMs = this.#options.clock();
		const kept = this.#kept.get(organizationNo);
		if (kept !== undefined && Math.abs(nowMs - kept.readAtMs) < keepMs) return kept.locations;
		const locations = this.#read(organizationNo);
		this.#kept.set(organizationNo, { readAtMs: nowMs, locations });
		// A failure is told to who asks, and not kept.
		locations.catch(() => {
			if (this.#kept.get(organizationNo)?.locations === locations)
				this.#kept.delete(organizationNo);
		});
		return locations;
	}

	/** What was read of an organization is not so any more; whoever asks next has it anew. */
	changed(organizationNo: number): void {
		this.#kept.delete(organizationNo);
		this.#changes.set(organizationNo, this.#changesOf(organizationNo) + 1);
	}

	#changesOf(organizationNo: number): number {
		return this.#changes.get(organizationNo) ?? 0;
	}

	async #read(organizationNo: number): Promise<ReadonlyMap<number, Location>> {
		const { database, onRead } = this.#options;
		const changes = this.#changesOf(organizationNo);
		const everything: Scope = {
			organizationNo,
			dealerNo: null,
			customerNos: null,
			deviceNos: null,
		};
		const [locations, customers] = await Promise.all([
			listLocations(database, organizationNo),
			listCustomers(database, everything),
		]);
		const byCity = new Map<string, number>();
		for (const { city, locationNo } of locations)
			if (!byCity.has(cityKey(city))) byCity.set(cityKey(city), locationNo);
		const locationNoOfCustomer = new Map(
			customers.flatMap(({ customerNo, city, locationNo: registeredNo }) => {
				const locationNo = registeredNo ?? (city === null ? undefined : byCity.get(cityKey(city)));
				return locationNo === undefined ? [] : [[customerNo, locationNo] as const];
			}),
		);
		// Devices are placed anew when places change, not whenever they are read.
		const text = JSON.stringify([locations, [...locationNoOfCustomer]]);
		const isNewest = changes === this.#changesOf(organizationNo);
		if (isNewest && text !== this.#texts.get(organizationNo)) {
			this.#texts.set(organizationNo, text);
			onRead({ organizationNo, places: locations, locationNoOfCustomer });
		}
		return new Map(locations.map((location) => [location.locationNo, location]));
	}
}

function cityKey(city: string): string {
	return city.trim().toLocaleLowerCase('en');
}

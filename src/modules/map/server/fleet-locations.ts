import { latitudeOf, longitudeOf } from '#contract/mercator.ts';
import { statuses } from '#contract/status.ts';
import { type FleetColumns, none } from '#live/fleet-columns.ts';
import { isMeant, type MapQuestion } from './map-question.ts';
import { NearestLocation, type Place } from './nearest-location.ts';

/** The locations of one organization, and in which of them a customer's devices are registered. */
export interface OrganizationPlaces {
	readonly organizationNo: number;
	readonly places: readonly Place[];
	readonly locationNoOfCustomer: ReadonlyMap<number, number>;
}

interface Known {
	/** Another number for each set of places, so that devices placed by an older one are placed anew. */
	readonly edition: number;
	readonly nearest: NearestLocation;
	readonly locationNoOfCustomer: ReadonlyMap<number, number>;
}

/** How many devices of each status count in a location; location 0 is none. */
export interface LocationCount {
	readonly locationNo: number;
	readonly counts: Int32Array;
}

/**
 * In which location each device counts: the nearest to its last position; without one, its customer's. Only devices
 * that moved since the last pass are looked up again.
 */
export class FleetLocations {
	readonly #known = new Map<number, Known>();
	#edition = 0;
	#locationNos: Int32Array;
	#placedX: Uint32Array;
	#placedY: Uint32Array;
	#placedBy: Int32Array;

	/** @param locationNos by device number; filled by {@link locate} */
	constructor(locationNos: Int32Array) {
		this.#locationNos = locationNos;
		this.#placedX = new Uint32Array(locationNos.length);
		this.#placedY = new Uint32Array(locationNos.length);
		this.#placedBy = new Int32Array(locationNos.length);
	}

	/** The fleet outgrew its columns. */
	resize(locationNos: Int32Array): void {
		this.#locationNos = locationNos;
		this.#placedX = new Uint32Array(locationNos.length);
		this.#placedY = new Uint32Array(locationNos.length);
		this.#placedBy = new Int32Array(locationNos.length);
	}

	setPlaces({ organizationNo, places, locationNoOfCustomer }: OrganizationPlaces): void {
		this.#known.set(organizationNo, {
			edition: ++this.#edition,
			nearest: new NearestLocation(places),
			locationNoOfCustomer,
		});
	}

	/** Brings every device's location up to date. */
	locate(
		{ organizationNo, customerNo, mercatorX, mercatorY }: FleetColumns,
		highestNo: number,
	): void {
		let organization: number = none;
		let known: Known | undefined;
		for (let deviceNo = 1; deviceNo <= highestNo; deviceNo++) {
			if (organizationNo[deviceNo] !== organization) {
				organization = organizationNo[deviceNo]!;
				known = this.#known.get(organization);
			}
			if (known === undefined) continue;
			const x = mercatorX[deviceNo]!;
			const y = mercatorY[deviceNo]!;
			if (x === none && y === none) {
				this.#placedBy[deviceNo] = 0;
				this.#locationNos[deviceNo] = known.locationNoOfCustomer.get(customerNo[deviceNo]!) ?? none;
			} else if (
				x !== this.#placedX[deviceNo] ||
				y !== this.#placedY[deviceNo] ||
				known.edition !== this.#placedBy[deviceNo]
			) {
				this.#placedX[deviceNo] = x;
				this.#placedY[deviceNo] = y;
				this.#placedBy[deviceNo] = known.edition;
				this.#locationNos[deviceNo] = known.nearest.find(latitudeOf(y), longitudeOf(x));
			}
		}
	}

	/** Devices that are meant, per location and status. */
	count(columns: FleetColumns, highestNo: number, question: MapQuestion): LocationCount[] {
		const { status } = columns;
		const isAsked = isMeant(columns, this.#locationNos, question);
		const counted = new Map<number, Int32Array>();
		for (let deviceNo = 1; deviceNo <= highestNo; deviceNo++) {
			const at = status[deviceNo]!;
			if (at >= statuses.length || !isAsked(deviceNo)) continue;
			const locationNo = this.#locationNos[deviceNo]!;
			let counts = counted.get(locationNo);
			if (counts === undefined) {
				counts = new Int32Array(statuses.length);
				counted.set(locationNo, counts);
			}
			counts[at]!++;
		}
		return [...counted].map(([locationNo, counts]) => ({ locationNo, counts }));
	}
}

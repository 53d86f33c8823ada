import { createHash } from 'node:crypto';
import type { DeviceFamily, Transport } from '#contract/family.ts';
import type { ProductStatus } from '#modules/products/contract.ts';
import type { NewVehicle } from '#modules/products/server/index.ts';
import type { Played } from './demo-credentials.ts';
import {
	type DemoCity,
	type DemoCustomer,
	type DemoVehicleModel,
	demoCities,
	demoCustomers,
	demoElectric,
	demoEngines,
	demoReplays,
	demoUnheard,
	demoVehicleModels,
} from './demo-fleet.ts';

/** A device of the demo fleet before it is registered. */
export interface DemoUnit {
	readonly family: DeviceFamily;
	readonly transport: Transport;
	/** Engine controllers have a name and no vehicle. */
	readonly name: string | null;
	readonly vehicle: Omit<NewVehicle, 'motorId' | 'bmsId'> | null;
	readonly customer: DemoCustomer | null;
	/** Null: it has never been heard. */
	readonly played: Played | null;
	/** For how many hours it has been silent; 0: it speaks. */
	readonly silentHours: number;
}

const goldenRatio = 0.618_033_988_75;
const shiftHours = 13;

/** The demo fleet, device by device; always the same. */
export function demoUnits(): DemoUnit[] {
	const replays = demoReplays.flatMap(({ customer, vehicle, drives }) =>
		drives.map((replay) => electricUnit(customer, vehicle, { replay }, 0)),
	);
	const electric = demoElectric.flatMap(({ customer, vehicle, count, silentHours = [] }) =>
		Array.from({ length: count }, (_, place) => {
			const played = electricPlayed(customer, vehicle, place);
			return electricUnit(customer, vehicle, played, silentHours[count - 1 - place] ?? 0);
		}),
	);
	const engines = demoEngines.flatMap(({ customer, model, transport, label, sites, ...group }) =>
		sites.map((site, place): DemoUnit => {
			const seed = digest(`${customer} ${site}`);
			const position = placeNear(demoCustomers[customer].city, seed);
			return {
				family: model,
				transport,
				name: `${label} · ${site}`,
				vehicle: null,
				customer,
				played: { model, seed, network: transport, ...(transport === 'gsm' && { position }) },
				silentHours: group.silentHours?.[sites.length - 1 - place] ?? 0,
			};
		}),
	);
	const unheard = demoUnheard.map(({ customer, vehicle, productStatus, vin }): DemoUnit => {
		const unit = electricUnit(customer, vehicle, null, 0);
		return { ...unit, vehicle: unit.vehicle && { ...unit.vehicle, productStatus, vin: vin ?? '' } };
	});
	return [...replays, ...electric, ...engines, ...unheard].map(withNumbers);
}

function electricUnit(
	customer: DemoCustomer | null,
	model: DemoVehicleModel,
	played: Played | null,
	silentHours: number,
): DemoUnit {
	const productStatus: ProductStatus = 'sold';
	const { battery: batteryModel } = demoVehicleModels[model];
	const vehicle = { vin: '', registrationNo: null, model, batteryModel, productStatus };
	return { family: 'ev', transport: 'gsm', name: null, vehicle, customer, played, silentHours };
}

function electricPlayed(customer: DemoCustomer, vehicle: DemoVehicleModel, place: number): Played {
	const { lat, lon, reachKm } = demoCities[demoCustomers[customer].city];
	const seed = digest(`${customer} ${vehicle} ${place}`);
	// Shifts begin all around the clock, so that the fleet is alive at any hour.
	const startHour = Math.floor(24 * ((place * goldenRatio + (seed % 97) / 97) % 1));
	return {
		model: demoVehicleModels[vehicle].plays,
		seed,
		town: { lat, lon, reachKm },
		shift: { startHour, hours: shiftHours },
	};
}

/** Gives a vehicle the VIN and the registration number that its place in the fleet makes. */
function withNumbers(unit: DemoUnit, place: number): DemoUnit {
	const { vehicle, customer } = unit;
	if (vehicle === null) return unit;
	const registration = customer && demoCities[demoCustomers[customer].city].registration;
	const isRegistered = registration !== null && vehicle.productStatus === 'sold';
	return {
		...unit,
		vehicle: {
			...vehicle,
			vin: vehicle.vin || `MDQ${serialLetters(place)}${String(117_241 + place * 7_919).slice(-6)}`,
			registrationNo: isRegistered ? `${registration} EV ${1272 + place * 43}` : null,
		},
	};
}

/** Letters and digits that a VIN may have. */
const vinAlphabet = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

function serialLetters(place: number): string {
	const bytes = createHash('sha256').update(`vin ${place}`).digest();
	return Array.from({ length: 8 }, (_, i) => vinAlphabet[bytes.readUInt8(i) % 33]).join('');
}

function placeNear(city: DemoCity, seed: number): { lat: number; lon: number } {
	const { lat, lon, reachKm } = demoCities[city];
	const turn = (seed % 360) * (Math.PI / 180);
	const distanceDeg = (reachKm / 111.3) * Math.sqrt((seed % 1000) / 1000);
	const round = (degrees: number) => Math.round(degrees * 1e5) / 1e5;
	return {
		lat: round(lat + distanceDeg * Math.sin(turn)),
		lon: round(lon + (distanceDeg * Math.cos(turn)) / Math.cos((lat * Math.PI) / 180)),
	};
}

function digest(text: string): number {
	return createHash('sha256').update(text).digest().readUInt32BE(0);
}

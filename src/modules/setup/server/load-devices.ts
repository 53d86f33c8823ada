import { randomBytes } from 'node:crypto';
import { type NewDevice, registerDevices } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { type DemoCredential, type Played, writeCredentials } from './demo-credentials.ts';
import { demoCities, demoVehicleModels } from './demo-fleet.ts';

/** What a load device is and plays. */
interface LoadUnit {
	readonly family: NewDevice['family'];
	readonly model: keyof typeof demoVehicleModels | null;
	readonly played: Played;
}

const goldenRatio = 0.618_033_988_75;
const shiftHours = 16;
const cities = Object.values(demoCities);
const vehicleModels = Object.keys(demoVehicleModels) as (keyof typeof demoVehicleModels)[];
const engineModels = ['x_pro', 'unified', 'ultra'] as const;

/**
 * Registers devices that nobody owns, for trying an installation under load, and writes their credentials for the
 * simulator: of ten seven vehicles and three engine controllers, spread over the demo's cities. All or none.
 * @param path of the file with their keys, readable by its owner alone
 */
export async function registerLoadDevices(
	database: Database,
	organizationNo: number,
	count: number,
	path: string,
	nowMs: number,
): Promise<void> {
	const run = randomBytes(3).toString('hex').toUpperCase();
	const units = Array.from({ length: count }, (_, place) => loadUnit(place));
	const since = new Date(nowMs).toISOString();
	await database.transaction().execute(async (transaction) => {
		const devices = units.map((unit, place) => loadDevice(unit, run, place));
		const registered = await registerDevices(transaction, organizationNo, devices);
		const credentials = registered.flatMap(({ deviceId, key }, place): DemoCredential[] => {
			const unit = units[place];
			return unit === undefined ? [] : [{ deviceId, key, ...unit.played, since }];
		});
		await writeCredentials(path, credentials);
	});
}

function loadUnit(place: number): LoadUnit {
	const { lat, lon, reachKm } = cities[place % cities.length] ?? demoCities.Pune;
	const family = engineModels[(place % 10) - 7];
	if (family !== undefined) {
		const network = place % 2 === 0 ? 'gsm' : 'wifi';
		return { family, model: null, played: { model: family, seed: place, network } };
	}
	const model = vehicleModels[place % vehicleModels.length] ?? 'Skimmer S2';
	const startHour = Math.floor(24 * ((place * goldenRatio) % 1));
	return {
		family: 'ev',
		model,
		played: {
			model: demoVehicleModels[model].plays,
			seed: place,
			town: { lat, lon, reachKm },
			shift: { startHour, hours: shiftHours },
		},
	};
}

function loadDevice({ family, model }: LoadUnit, run: string, place: number): NewDevice {
	const number = String(place + 1).padStart(9, '0');
	return {
		deviceId: `LOAD-${run}-${number}`,
		telematicsId: null,
		name: model === null ? `Load ${run} ${number}` : null,
		simNo: null,
		family,
		transport: 'gsm',
		vehicle: model && {
			vin: `LD${run}${number}`,
			registrationNo: null,
			model,
			batteryModel: demoVehicleModels[model].battery,
			motorId: null,
			bmsId: null,
			productStatus: 'testing',
		},
		customerNo: null,
		dealerNo: null,
	};
}

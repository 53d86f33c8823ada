import type { Transport } from '#contract/family.ts';
import type { ElectricModel, EngineModel } from './demo-credentials.ts';

/**
 * The demo fleet: an invented operator in India with a branch in Morocco, where the recorded drives took place. No
 * company, person, vehicle or site of it exists; the cities do.
 */
export const demoOrganization = {
	name: 'Meridian Mobility',
	timeZone: 'Asia/Kolkata',
	country: 'IN',
	support: {
		name: 'Meridian fleet desk',
		email: 'fleet.desk@example.com',
		phone: '+91 00000 00100',
	},
} as const;

interface DemoCityFacts {
	readonly lat: number;
	readonly lon: number;
	/** How far vehicles go from there without leaving the land. */
	readonly reachKm: number;
	/** With which registration numbers begin; null where the demo has none. */
	readonly registration: string | null;
}

export const demoCities = {
	Ahmedabad: { lat: 23.033, lon: 72.566, reachKm: 5.5, registration: 'GJ 01' },
	Bengaluru: { lat: 12.972, lon: 77.594, reachKm: 6.5, registration: 'KA 03' },
	Chennai: { lat: 13.058, lon: 80.221, reachKm: 4, registration: 'TN 01' },
	Delhi: { lat: 28.632, lon: 77.219, reachKm: 6.5, registration: 'DL 05' },
	Hyderabad: { lat: 17.375, lon: 78.5, reachKm: 4.5, registration: 'TS 09' },
	Jaipur: { lat: 26.905, lon: 75.79, reachKm: 4.5, registration: 'RJ 14' },
	Mumbai: { lat: 19.107, lon: 72.873, reachKm: 3.5, registration: 'MH 01' },
	Pune: { lat: 18.52, lon: 73.857, reachKm: 5.5, registration: 'MH 12' },
	Surat: { lat: 21.193, lon: 72.832, reachKm: 4.5, registration: 'GJ 05' },
	Fès: { lat: 34.03, lon: -5.003, reachKm: 3.5, registration: null },
	Kénitra: { lat: 34.257, lon: -6.578, reachKm: 2.5, registration: null },
	Marrakech: { lat: 31.632, lon: -8.003, reachKm: 4, registration: null },
	Rabat: { lat: 33.985, lon: -6.845, reachKm: 3, registration: null },
	Salé: { lat: 34.04, lon: -6.797, reachKm: 2, registration: null },
} as const satisfies Record<string, DemoCityFacts>;
export type DemoCity = keyof typeof demoCities;

interface Reachable {
	readonly email: string;
	/** Nobody’s: no network gives out numbers that begin with 0. */
	readonly mobile: string;
}

/** How a demo company is reached. @param place tells its number from those of others */
function reachable(mailbox: string, name: string, city: DemoCity, place: number): Reachable {
	const word = (name.split(' ')[0] ?? '')
		.toLowerCase()
		.normalize('NFD')
		.replaceAll(/[^a-z]/g, '');
	const isInIndia = demoCities[city].registration !== null;
	return {
		email: `${mailbox}.${word}@example.com`,
		mobile: isInIndia
			? `+91${String(place).padStart(10, '0')}`
			: `+212${String(place).padStart(9, '0')}`,
	};
}

interface DemoDealerFacts extends Reachable {
	readonly name: string;
	readonly address: string;
	readonly city: DemoCity;
}

export const demoDealers = {
	banyan: dealer('Banyan Wheels', '5 Museum Road', 'Pune', 51),
	saffron: dealer('Saffron Line EV', '22 Riverside Road', 'Ahmedabad', 52),
	casuarina: dealer('Casuarina Motors', '36 Harbour Road', 'Chennai', 53),
	oudaya: dealer('Oudaya Électrique', '14 rue des Remparts', 'Rabat', 54),
} as const satisfies Record<string, DemoDealerFacts>;
export type DemoDealer = keyof typeof demoDealers;

function dealer(name: string, address: string, city: DemoCity, place: number): DemoDealerFacts {
	return { name, address, city, ...reachable('sales', name, city, place) };
}

interface DemoCustomerFacts extends Reachable {
	readonly name: string;
	readonly dealer: DemoDealer;
	readonly address: string;
	readonly city: DemoCity;
	readonly pinCode: string;
}

export const demoCustomers = {
	sunrise: customer('Sunrise Rentals', 'saffron', '4 Ring Road', 'Surat', '395002', 1),
	kite: customer('Kite Delivery', 'saffron', '18 Ashram Road', 'Ahmedabad', '380009', 2),
	marigold: customer('Marigold Milk Run', 'saffron', '7 Station Lane', 'Jaipur', '302001', 3),
	yamuna: customer('Yamuna Wheels', 'saffron', '31 Canal Road', 'Delhi', '110001', 4),
	lotus: customer('Lotus Last Mile', 'banyan', '27 Station Road', 'Pune', '411001', 5),
	monsoon: customer('Monsoon Couriers', 'banyan', '9 Dock Street', 'Mumbai', '400001', 6),
	deccan: customer('Deccan Mast Power', 'banyan', '88 Hill Road', 'Pune', '411004', 7),
	tamarind: customer('Tamarind Foods', 'casuarina', '61 Beach Road', 'Chennai', '600001', 8),
	peepal: customer('Peepal Parcels', 'casuarina', '15 Lake Street', 'Bengaluru', '560001', 9),
	jasmine: customer('Jasmine Cold Chain', 'casuarina', '40 Mill Road', 'Hyderabad', '500001', 10),
	chellah: customer('Chellah Livraison', 'oudaya', '12 avenue des Orangers', 'Rabat', '10000', 11),
	regreg: customer('Regreg Location', 'oudaya', '3 rue du Port', 'Salé', '11000', 12),
	sebou: customer('Sebou Coursiers', 'oudaya', '45 rue de la Gare', 'Kénitra', '14000', 13),
	ocre: customer('Ocre Fraîcheur', 'oudaya', '20 route des Jardins', 'Marrakech', '40000', 14),
	cedre: customer('Cèdre Colis', 'oudaya', '8 rue des Tanneurs', 'Fès', '30000', 15),
} as const satisfies Record<string, DemoCustomerFacts>;
export type DemoCustomer = keyof typeof demoCustomers;

function customer(
	name: string,
	dealer: DemoDealer,
	address: string,
	city: DemoCity,
	pinCode: string,
	place: number,
): DemoCustomerFacts {
	const reached = reachable('fleet', name, city, place);
	return { name, dealer, address, city, pinCode, ...reached };
}

export const demoVehicleModels = {
	'Skimmer S2': { battery: 'LFP 48 V 40 Ah', plays: 'scooter_48v' },
	'Skimmer S3': { battery: 'LFP 60 V 45 Ah', plays: 'scooter_60v' },
	'Heron Cargo': { battery: 'LFP 51 V 150 Ah', plays: 'cargo_51v' },
} as const satisfies Record<string, { readonly battery: string; readonly plays: ElectricModel }>;
export type DemoVehicleModel = keyof typeof demoVehicleModels;

/** Vehicles that replay a recorded drive each; all drives took place in and around Rabat. */
export const demoReplays: readonly {
	readonly customer: DemoCustomer;
	readonly vehicle: DemoVehicleModel;
	readonly drives: readonly string[];
}[] = [
	{
		customer: 'chellah',
		vehicle: 'Skimmer S3',
		drives: ['T1_03_29_2021', 'T1_06_30_2021_1', 'T1_07_01_2021', 'T2_03_29_2021'],
	},
	{
		customer: 'chellah',
		vehicle: 'Heron Cargo',
		drives: ['T3_04_22_2021_1', 'T3_04_26_2021_1', 'T3_05_25_2021_1', 'T3_05_25_2021_3'],
	},
	{
		customer: 'regreg',
		vehicle: 'Skimmer S2',
		drives: ['T1_06_30_2021_2', 'T2_03_30_2021', 'T2_04_26_2021', 'T3_05_25_2021_04'],
	},
	{
		customer: 'regreg',
		vehicle: 'Skimmer S3',
		drives: ['T3_04_22_2021_2', 'T3_04_26_2021_2', 'T3_05_25_2021_2'],
	},
	{ customer: 'regreg', vehicle: 'Heron Cargo', drives: ['T3_05_31_2021', 'T3_06_07_2021'] },
];

/** Vehicles that live as a model does, in the city of their customer. */
export const demoElectric: readonly {
	readonly customer: DemoCustomer;
	readonly vehicle: DemoVehicleModel;
	readonly count: number;
	/** So many hours ago the last of them fell silent, one for each number. */
	readonly silentHours?: readonly number[];
}[] = [
	{ customer: 'sunrise', vehicle: 'Skimmer S2', count: 6, silentHours: [30] },
	{ customer: 'kite', vehicle: 'Skimmer S3', count: 7 },
	{ customer: 'marigold', vehicle: 'Heron Cargo', count: 5, silentHours: [120] },
	{ customer: 'yamuna', vehicle: 'Skimmer S2', count: 6, silentHours: [33] },
	{ customer: 'lotus', vehicle: 'Heron Cargo', count: 6 },
	{ customer: 'monsoon', vehicle: 'Skimmer S2', count: 7, silentHours: [26] },
	{ customer: 'tamarind', vehicle: 'Heron Cargo', count: 5, silentHours: [97] },
	{ customer: 'peepal', vehicle: 'Skimmer S3', count: 8 },
	{ customer: 'jasmine', vehicle: 'Heron Cargo', count: 4 },
	{ customer: 'sebou', vehicle: 'Skimmer S3', count: 3 },
	{ customer: 'ocre', vehicle: 'Heron Cargo', count: 4, silentHours: [146] },
	{ customer: 'cedre', vehicle: 'Skimmer S2', count: 4 },
];

/** Engine controllers, each at a site. GSM ones know where they stand. */
export const demoEngines: readonly {
	readonly customer: DemoCustomer;
	readonly model: EngineModel;
	readonly transport: Transport & ('gsm' | 'wifi');
	/** What stands before the site in the device's name. */
	readonly label: string;
	readonly sites: readonly string[];
	readonly silentHours?: readonly number[];
}[] = [
	{
		customer: 'deccan',
		model: 'x_pro',
		transport: 'gsm',
		label: 'X Pro',
		sites: ['Mast 014', 'Mast 022', 'Mast 031', 'Mast 037', 'Mast 040', 'Mast 058', 'Mast 063'],
		silentHours: [28],
	},
	{
		customer: 'tamarind',
		model: 'x_pro',
		transport: 'gsm',
		label: 'X Pro',
		sites: ['Kitchen A', 'Kitchen B'],
	},
	{
		customer: 'ocre',
		model: 'x_pro',
		transport: 'gsm',
		label: 'X Pro',
		sites: ['Quai 1', 'Quai 2', 'Quai 3'],
	},
	{
		customer: 'deccan',
		model: 'unified',
		transport: 'gsm',
		label: 'D100',
		sites: ['Mast 071', 'Mast 072', 'Mast 080', 'Mast 085'],
	},
	{
		customer: 'jasmine',
		model: 'unified',
		transport: 'wifi',
		label: 'D180',
		sites: ['Cold store 1', 'Cold store 2', 'Cold store 3', 'Cold store 4'],
		silentHours: [104],
	},
	{
		customer: 'monsoon',
		model: 'unified',
		transport: 'wifi',
		label: 'V100',
		sites: ['Depot North', 'Depot South'],
	},
	{
		customer: 'chellah',
		model: 'unified',
		transport: 'gsm',
		label: 'V5',
		sites: ['Dépôt Agdal', 'Dépôt Hassan'],
	},
	{
		customer: 'ocre',
		model: 'unified',
		transport: 'gsm',
		label: 'D180',
		sites: ['Chambre froide 1', 'Chambre froide 2'],
	},
	{
		customer: 'jasmine',
		model: 'ultra',
		transport: 'gsm',
		label: 'Ultra',
		sites: ['Line 1', 'Line 2', 'Line 3'],
	},
	{
		customer: 'yamuna',
		model: 'ultra',
		transport: 'wifi',
		label: 'Ultra',
		sites: ['Hub East', 'Hub West', 'Workshop'],
		silentHours: [34],
	},
	{
		customer: 'peepal',
		model: 'ultra',
		transport: 'gsm',
		label: 'Ultra',
		sites: ['Sorting 1', 'Sorting 2', 'Sorting 3'],
	},
];

/** Vehicles that were never heard. */
export const demoUnheard = [
	{ customer: 'tamarind', vehicle: 'Skimmer S2', productStatus: 'in_transit', vin: null },
	{ customer: null, vehicle: 'Skimmer S3', productStatus: 'in_stock', vin: null },
	{ customer: null, vehicle: 'Heron Cargo', productStatus: 'factory', vin: 'EVH0001042' },
] as const satisfies readonly {
	readonly customer: DemoCustomer | null;
	readonly vehicle: DemoVehicleModel;
	readonly productStatus: string;
	/** A dummy frame id; null: a number as vehicles on the road have it. */
	readonly vin: string | null;
}[];

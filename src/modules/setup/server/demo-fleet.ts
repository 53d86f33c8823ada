import type { ProductStatus } from '#modules/products/contract.ts';

/**
 * The demo fleet: an invented operator in India with a branch in Morocco, where the recorded drives took place. No
 * company, person or vehicle of it exists.
 */
export const demoOrganization = {
	name: 'Meridian Mobility',
	timeZone: 'Asia/Kolkata',
	country: 'IN',
} as const;

export const demoDealers = {
	banyan: { name: 'Banyan Wheels', city: 'Pune' },
	saffron: { name: 'Saffron Line EV', city: 'Ahmedabad' },
	oudaya: { name: 'Oudaya Électrique', city: 'Rabat' },
} as const;
export type DemoDealer = keyof typeof demoDealers;

interface DemoCustomerFacts {
	readonly name: string;
	readonly dealer: DemoDealer;
	readonly email: string;
	readonly address: string;
	readonly city: string;
	readonly pinCode: string;
}

export const demoCustomers = {
	sunrise: customer('Sunrise Rentals', 'saffron', '4 Ring Road', 'Surat', '395002'),
	kite: customer('Kite Delivery', 'saffron', '18 Ashram Road', 'Ahmedabad', '380009'),
	lotus: customer('Lotus Last Mile', 'banyan', '27 Station Road', 'Pune', '411001'),
	monsoon: customer('Monsoon Couriers', 'banyan', '9 Dock Street', 'Mumbai', '400001'),
	tamarind: customer('Tamarind Foods', 'banyan', '61 Beach Road', 'Chennai', '600001'),
	chellah: customer('Chellah Livraison', 'oudaya', '12 avenue des Orangers', 'Rabat', '10000'),
	regreg: customer('Regreg Location', 'oudaya', '3 rue du Port', 'Salé', '11000'),
	sebou: customer('Sebou Coursiers', 'oudaya', '45 rue de la Gare', 'Kénitra', '14000'),
} as const satisfies Record<string, DemoCustomerFacts>;
export type DemoCustomer = keyof typeof demoCustomers;

function customer(
	name: string,
	dealer: DemoDealer,
	address: string,
	city: string,
	pinCode: string,
): DemoCustomerFacts {
	const email = `fleet.${name.split(' ')[0]?.toLowerCase()}@example.com`;
	return { name, dealer, email, address, city, pinCode };
}

export interface DemoVehicle {
	readonly vin: string;
	readonly registrationNo: string | null;
	readonly model: string;
	readonly batteryModel: string;
	readonly productStatus: ProductStatus;
	readonly customer: DemoCustomer | null;
	/** Recorded drive that its device replays; null: it has never been heard. */
	readonly drive: string | null;
}

const batteryModels: Readonly<Record<string, string>> = {
	'Skimmer S2': 'LFP 48 V 40 Ah',
	'Skimmer S3': 'LFP 60 V 45 Ah',
	'Heron Cargo': 'LFP 51 V 150 Ah',
};

/** One vehicle for each recorded drive, and three that were never heard. */
export const demoVehicles: readonly DemoVehicle[] = [
	sold('MDQTNXYB0FE993483', 'GJ 05 EV 1272', 'Skimmer S2', 'sunrise', 'T1_03_29_2021'),
	sold('MDQMPKHXRJU628181', 'GJ 05 EV 1273', 'Skimmer S2', 'sunrise', 'T3_04_22_2021_1'),
	sold('MDQXRRZFMKS712195', 'GJ 01 EV 4410', 'Skimmer S3', 'kite', 'T1_06_30_2021_1'),
	sold('MDQALC0GPRY748981', 'GJ 01 EV 4417', 'Skimmer S3', 'kite', 'T3_05_25_2021_1'),
	sold('MDQRYMJUYXE321281', 'MH 12 EV 0861', 'Heron Cargo', 'lotus', 'T2_03_29_2021'),
	sold('MDQFTCWJHTC860232', 'MH 12 EV 0862', 'Heron Cargo', 'lotus', 'T3_04_26_2021_1'),
	sold('MDQRBYMLWVD909361', 'MH 01 EV 7735', 'Skimmer S2', 'monsoon', 'T1_06_30_2021_2'),
	sold('MDQDRPHSCXC991126', 'MH 01 EV 7739', 'Heron Cargo', 'monsoon', 'T3_05_25_2021_2'),
	sold('MDQVMCUUBCH298386', 'TN 01 EV 2204', 'Heron Cargo', 'tamarind', 'T2_03_30_2021'),
	sold('MDQ0RTYHZMY962820', null, 'Skimmer S3', 'chellah', 'T1_07_01_2021'),
	sold('MDQBLCNBJFL804492', null, 'Skimmer S3', 'chellah', 'T3_04_22_2021_2'),
	sold('MDQHHN0NPYZ939148', null, 'Heron Cargo', 'chellah', 'T3_05_25_2021_3'),
	sold('MDQVKAFTTLR308408', null, 'Skimmer S2', 'regreg', 'T2_04_26_2021'),
	sold('MDQPWNCG0X0691296', null, 'Skimmer S2', 'regreg', 'T3_04_26_2021_2'),
	sold('MDQTWDPRPDM435083', null, 'Heron Cargo', 'sebou', 'T3_05_25_2021_04'),
	sold('MDQBWDAUUXW852265', null, 'Heron Cargo', 'sebou', 'T3_05_31_2021'),
	sold('MDQKJR4TNVS570914', null, 'Skimmer S3', 'sebou', 'T3_06_07_2021'),
	{
		...sold('MDQGZP2LCWB146630', 'TN 01 EV 2219', 'Skimmer S2', 'tamarind', null),
		productStatus: 'in_transit',
	},
	{ ...sold('MDQEHV7DQYN283357', null, 'Skimmer S3', null, null), productStatus: 'in_stock' },
	{ ...sold('EVH0001042', null, 'Heron Cargo', null, null), productStatus: 'factory' },
];

function sold(
	vin: string,
	registrationNo: string | null,
	model: string,
	owner: DemoCustomer | null,
	drive: string | null,
): DemoVehicle {
	return {
		vin,
		registrationNo,
		model,
		batteryModel: batteryModels[model] ?? '',
		productStatus: 'sold',
		customer: owner,
		drive,
	};
}

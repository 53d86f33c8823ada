import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createLocations, listLocations } from '#modules/locations/server/index.ts';
import { type NewDevice, registerDevices } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import type { DemoCredential } from './demo-credentials.ts';
import { type DemoCustomer, type DemoDealer, demoCustomers, demoDealers } from './demo-fleet.ts';
import { demoLocations } from './demo-locations.ts';
import { type DemoUnit, demoUnits } from './demo-units.ts';
import { type DemoUser, demoUserCustomers, demoUserDealer, makeDemoUsers } from './demo-users.ts';

/** A registered device that has spoken, with what it plays. */
export interface DemoDevice {
	readonly deviceNo: number;
	readonly credential: DemoCredential;
}

export interface CreatedDemo {
	readonly users: readonly DemoUser[];
	readonly deviceNos: readonly number[];
	/** The devices that have spoken. */
	readonly devices: readonly DemoDevice[];
}

const hourMs = 3_600_000;
/** For how long the devices have belonged to their customers. */
const belongsForMs = 90 * 24 * hourMs;

/**
 * Fills an organization with the demo fleet, inside the caller's transaction.
 * @param takenEmail e-mail of the first user, who then stands for the demo user of that address
 * @param nowMs when the fleet begins to be watched; its devices have lived before
 */
export async function createDemo(
	transaction: Database,
	organizationNo: number,
	takenEmail: string | null,
	nowMs: number,
): Promise<CreatedDemo> {
	const dealerNos = new Map<DemoDealer, number>();
	for (const [key, dealer] of entriesOf(demoDealers))
		dealerNos.set(key, await createDealer(transaction, organizationNo, dealer));
	await createLocations(transaction, organizationNo, demoLocations);
	const locations = await listLocations(transaction, organizationNo);
	const customerNos = new Map<DemoCustomer, number>();
	for (const [key, { dealer, ...customer }] of entriesOf(demoCustomers)) {
		const dealerNo = dealerNos.get(dealer) ?? null;
		const location = locations.find(({ city }) => city === customer.city);
		const facts = { ...customer, dealerNo, ...(location && { locationNo: location.locationNo }) };
		customerNos.set(key, await createCustomer(transaction, organizationNo, facts));
	}

	const users = makeDemoUsers().filter(({ email }) => email !== takenEmail?.toLowerCase());
	for (const { roleCode, role, email, password } of users) {
		const customers = demoUserCustomers[roleCode];
		await createMember(transaction, {
			organizationNo,
			name: `Demo ${role}`,
			email,
			password,
			role: roleCode,
			dealerNo: roleCode === 'dealer' ? (dealerNos.get(demoUserDealer) ?? null) : null,
			customerNos: customers?.flatMap((key) => customerNos.get(key) ?? []) ?? null,
		});
	}

	const units = demoUnits();
	const devices = units.map((unit, place) => {
		const dealer = unit.customer === null ? null : demoCustomers[unit.customer].dealer;
		return demoDevice(unit, place, {
			customerNo: (unit.customer && customerNos.get(unit.customer)) ?? null,
			dealerNo: (dealer && dealerNos.get(dealer)) ?? null,
			belongsSince: new Date(nowMs - belongsForMs),
		});
	});
	const registered = await registerDevices(transaction, organizationNo, devices);
	return {
		users: users.map(({ role, email, password }) => ({ role, email, password })),
		deviceNos: registered.map((device) => device.deviceNo),
		devices: registered.flatMap(({ deviceNo, deviceId, key }, place) => {
			const { played = null, silentHours = 0 } = units[place] ?? {};
			if (played === null) return [];
			const since = new Date(nowMs - silentHours * hourMs).toISOString();
			const credential = {
				deviceId,
				key,
				...played,
				since,
				...(silentHours > 0 && { silent: true }),
			};
			return [{ deviceNo, credential }];
		}),
	};
}

function demoDevice(
	{ family, transport, name, vehicle }: DemoUnit,
	place: number,
	belonging: Pick<NewDevice, 'customerNo' | 'dealerNo' | 'belongsSince'>,
): NewDevice {
	const serial = (start: number, step: number, digits: number) =>
		String(start + place * step).padStart(digits, '0');
	return {
		deviceId: `8686-${serial(599_278_938, 1_117, 9)}`,
		telematicsId: `VCU-${serial(24_107_733, 209, 8)}`,
		name,
		simNo: transport === 'gsm' ? `8991000${serial(401_552_310, 73, 12)}` : null,
		family,
		transport,
		vehicle: vehicle && {
			...vehicle,
			motorId: `MTR-${serial(118_204, 37, 6)}`,
			bmsId: `BMS-${serial(93_417, 53, 7)}`,
		},
		...belonging,
	};
}

function entriesOf<Key extends string, Value>(
	record: Readonly<Record<Key, Value>>,
): [Key, Value][] {
	const keys = Object.keys(record) as Key[];
	return keys.map((key) => [key, record[key]]);
}

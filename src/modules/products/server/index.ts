import type { Database } from '#platform/database/connect.ts';
import { type Assignment, assignDevice } from './assign.ts';
import { type NewDevice, type RegisteredDevice, registerDevices } from './register.ts';

export type { Assignment } from './assign.ts';
export { assignDevice } from './assign.ts';
export { firmwareReaction } from './firmware-reported.ts';
export {
	type NewDevice,
	type NewVehicle,
	type RegisteredDevice,
	registerDevices,
} from './register.ts';
export { type DeviceRegistryOptions, serveDeviceRegistry } from './registry/routes.ts';
export { inScope, periodsInScope, wasInScope } from './scope.ts';

/** Hears, after the commit, of devices that are new or belong elsewhere now. */
export type DevicesChanged = (deviceNos: readonly number[]) => void | Promise<void>;

export interface Products {
	registerDevices(
		organizationNo: number,
		devices: readonly NewDevice[],
	): Promise<RegisteredDevice[]>;
	assignDevice(organizationNo: number, deviceNo: number, assignment: Assignment): Promise<void>;
	/** Tells the road of devices that somebody changed in a transaction of their own, after its commit. */
	announce: DevicesChanged;
}

/** What can be done with devices and vehicles, each in a transaction of its own, and told to the road afterwards. */
export function createProducts(database: Database, onDevicesChanged: DevicesChanged): Products {
	return {
		announce: onDevicesChanged,
		async registerDevices(organizationNo, devices) {
			const registered = await registerDevices(database, organizationNo, devices);
			await onDevicesChanged(registered.map((device) => device.deviceNo));
			return registered;
		},
		async assignDevice(organizationNo, deviceNo, assignment) {
			if (await assignDevice(database, organizationNo, deviceNo, assignment))
				await onDevicesChanged([deviceNo]);
		},
	};
}

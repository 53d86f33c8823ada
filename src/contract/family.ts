import { z } from 'zod';

/** What kind of controller a device is; it decides the labels of the six statuses and which values it reports. */
export const deviceFamilies = ['ev', 'x_pro', 'unified', 'ultra'] as const;
export const deviceFamilySchema = z.enum(deviceFamilies);
export type DeviceFamily = z.infer<typeof deviceFamilySchema>;

/** Families of engine controllers. */
export const engineFamilies = [
	'x_pro',
	'unified',
	'ultra',
] as const satisfies readonly DeviceFamily[];

export const deviceFamilyLabels: Record<DeviceFamily, string> = {
	ev: 'EV',
	x_pro: 'X Pro',
	unified: 'Unified',
	ultra: 'Ultra',
};

/** How a device reaches us ("communication type"). */
export const transports = ['gsm', 'wifi', 'ble'] as const;
export const transportSchema = z.enum(transports);
export type Transport = z.infer<typeof transportSchema>;
export const transportLabels: Record<Transport, string> = { gsm: 'GSM', wifi: 'WiFi', ble: 'BLE' };

/**
 * Run states of an engine controller: switched off, waiting for a reason to start, cranking, running, running on without
 * load to cool down, and held by a fault until that is reset.
 */
export const runStates = ['stopped', 'standby', 'starting', 'running', 'cooling', 'fault'] as const;
export type RunState = (typeof runStates)[number];

import { z } from 'zod';

/** What kind of controller a device is; it decides the labels of the six statuses and which values it reports. */
export const deviceFamilies = ['ev', 'x_pro', 'unified', 'ultra'] as const;
export const deviceFamilySchema = z.enum(deviceFamilies);
export type DeviceFamily = z.infer<typeof deviceFamilySchema>;

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

/** Run states of an engine controller. */
export const runStates = ['stopped', 'standby', 'starting', 'running', 'cooling'] as const;
export type RunState = (typeof runStates)[number];

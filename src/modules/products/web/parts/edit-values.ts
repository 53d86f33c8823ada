import type { Transport } from '#contract/family.ts';
import { type DeviceEdit, usualReportingIntervalSeconds } from '../../contract.ts';

/** What can be changed of a device, as a form's fields hold it. */
export interface EditValues extends Record<string, unknown> {
	name: string;
	simNo: string;
	transport: Transport | '';
	reportingIntervalSeconds: number | string;
	osmandAllowed: boolean;
}

export const newValues: EditValues = {
	name: '',
	simNo: '',
	transport: 'gsm',
	reportingIntervalSeconds: usualReportingIntervalSeconds,
	osmandAllowed: false,
};

export function valuesOf(device: DeviceEdit): EditValues {
	return {
		name: device.name ?? '',
		simNo: device.simNo ?? '',
		transport: device.transport ?? '',
		reportingIntervalSeconds: device.reportingIntervalSeconds,
		osmandAllowed: device.osmandAllowed,
	};
}

/** What the fields say, as the endpoints take it. */
export function editOf(values: EditValues): DeviceEdit {
	const { name, simNo, transport, reportingIntervalSeconds, osmandAllowed } = values;
	return {
		name: name.trim() === '' ? null : name.trim(),
		simNo: simNo.trim() === '' ? null : simNo.trim(),
		transport: transport === '' ? null : transport,
		reportingIntervalSeconds:
			reportingIntervalSeconds === '' ? Number.NaN : Number(reportingIntervalSeconds),
		osmandAllowed,
	};
}

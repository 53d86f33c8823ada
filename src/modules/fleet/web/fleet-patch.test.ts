import { describe, expect, test } from 'vitest';
import type { StatusCounts } from '#contract/status.ts';
import { type DeviceLive, deviceLiveSchema, type FleetPage, type FleetRow } from '../contract.ts';
import { patchCounts, patchRow, patchRows } from './fleet-patch.ts';

const live: DeviceLive = {
	deviceNo: 1,
	status: 'moving',
	lastHeardAtMs: 1_000,
	clockWrong: false,
	ignition: true,
	charging: false,
	speedKmh: 20,
	socPct: 60,
	rangeKm: 70,
	odometerKm: 1_234,
	batteryV: 51,
	signal: 20,
	firmware: '4.2.1',
	runState: null,
	engineTempC: null,
	totalHours: null,
	totalKwh: null,
	lat: 12.9,
	lon: 77.6,
};

function rowOf(deviceNo: number): FleetRow {
	return {
		...live,
		deviceNo,
		deviceId: `D-${deviceNo}`,
		telematicsId: null,
		name: null,
		family: 'ev',
		transport: 'gsm',
		vin: `VIN${deviceNo}`,
		registrationNo: null,
		model: null,
		customerNo: null,
		customerName: 'A customer',
		customerCity: null,
		dealerName: null,
		productStatus: null,
		reportingIntervalSeconds: 300,
	};
}

const counts: StatusCounts = {
	moving: 2,
	stopped: 1,
	ignition_off: 0,
	charging: 0,
	offline: 0,
	not_communicating: 0,
};
const page: FleetPage = {
	rows: [rowOf(1), rowOf(2), rowOf(3)],
	total: 3,
	totalIsExact: true,
	counts,
	asOfMs: 2_000,
};

describe('live values are written into the rows', () => {
	test('values change, identity stays', () => {
		const patched = patchRow(rowOf(1), { ...live, speedKmh: 31, status: 'stopped' });
		expect(patched).toEqual({ ...rowOf(1), speedKmh: 31, status: 'stopped' });
	});

	test('rows stay where they are, and those without news are the same objects', () => {
		const patched = patchRows(page, [{ ...live, deviceNo: 3, lastHeardAtMs: 9_000 }]);
		expect(patched.rows.map((row) => row.deviceNo)).toEqual([1, 2, 3]);
		expect(patched.rows[2]?.lastHeardAtMs).toBe(9_000);
		expect(patched.rows[0]).toBe(page.rows[0]);
	});

	test('what is on the page already, or not on it, changes nothing', () => {
		expect(patchRows(page, [live, { ...live, deviceNo: 99 }])).toBe(page);
	});

	test('every live value of the contract reaches the row', () => {
		expect(Object.keys(live).sort()).toEqual(Object.keys(deviceLiveSchema.shape).sort());
	});
});

describe('counts', () => {
	const grown: StatusCounts = { ...counts, stopped: 5 };

	test('the total follows from the counts of the chosen statuses', () => {
		expect(patchCounts(page, grown, [])).toMatchObject({ counts: grown, total: 7 });
		expect(patchCounts(page, grown, ['stopped'])).toMatchObject({ total: 5 });
	});

	test('a total that is only "at least" stays', () => {
		const broad = { ...page, total: 10_000, totalIsExact: false };
		expect(patchCounts(broad, grown, []).total).toBe(10_000);
	});
});

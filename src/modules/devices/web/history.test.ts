import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSearch, writeSearch } from '#web/address/search-text.ts';
import { type DeviceState, sensorField, sensorNameOf, seriesFields } from '../contract.ts';
import { minRangeMs, readDeviceAddress, spans, writeDeviceAddress } from './device-address.ts';
import { defaultFields, drawableFields, unusualFields } from './fields.ts';
import { extendHistory } from './live-history.ts';
import type { History } from './queries.ts';
import { drawnFromMs, extendLine, extentOf, lineOf, rowsOf } from './series-line.ts';

const gapMs = 100;
const hourMs = 3_600_000;

const state: DeviceState = {
	deviceNo: 1,
	status: 'moving',
	lastHeardAtMs: 10_000,
	clockWrong: false,
	newestAtMs: 10_000,
	positionAtMs: 10_000,
	powerAtMs: 9_000,
	vehicleAtMs: null,
	engineAtMs: null,
	values: { speed_kmh: 31, soc_pct: 60, charging: true, signal: 99, firmware: '1.4.2' },
	sensors: { 'cell 1, V': 3.3, label: 'x' },
};

function historyOf(series: History['series']): History {
	return { series, isReduced: false, gapMs, fromMs: 0, toMs: 9_500 };
}

describe('a line', () => {
	test('built at once or value by value is the same, with a gap wherever it was silent', () => {
		const steps = fc.array(
			fc.record({
				stepMs: fc.integer({ min: 1, max: 2 * gapMs }),
				value: fc.option(fc.integer(), { nil: null }),
			}),
		);
		fc.assert(
			fc.property(steps, (given) => {
				let now = 0;
				const atMs = given.map(({ stepMs }) => {
					now += stepMs;
					return now;
				});
				const values = given.map(({ value }) => value);
				const whole = lineOf({ atMs, values }, gapMs);
				let grown: {
					readonly atMs: readonly number[];
					readonly values: readonly (number | null)[];
				} = { atMs: [], values: [] };
				values.forEach((value, place) => {
					if (value !== null) grown = extendLine(grown, atMs[place] ?? 0, value, gapMs);
				});
				expect(grown).toEqual(whole);
				expect(whole.values.filter((value) => value !== null)).toEqual(
					values.filter((value) => value !== null),
				);
			}),
		);
	});

	test('what is not newer changes nothing', () => {
		const line = { atMs: [5], values: [1] };
		expect(extendLine(line, 5, 2, gapMs)).toBe(line);
	});

	test('knows its lowest, highest and last value, over gaps', () => {
		expect(extentOf({ atMs: [1, 2, 3, 4], values: [5, null, -1, 3] })).toEqual({
			lowest: -1,
			highest: 5,
			last: 3,
		});
		expect(extentOf({ atMs: [], values: [] })).toBeNull();
	});
});

test('lines stand beside each other in a table, newest first', () => {
	const rows = rowsOf([
		{ atMs: [1, 2, 3], values: [10, null, 30] },
		{ atMs: [3, 4], values: [3, 4] },
	]);
	expect(rows).toEqual([
		{ atMs: 4, cells: [undefined, 4] },
		{ atMs: 3, cells: [30, 3] },
		{ atMs: 1, cells: [10, undefined] },
	]);
});

test('a chart begins with the first value when there is little', () => {
	const line = { atMs: [50 * 60_000], values: [1] };
	expect(drawnFromMs([line], 0, hourMs)).toBe(50 * 60_000);
	expect(drawnFromMs([{ atMs: [hourMs - 1000], values: [1] }], 0, hourMs)).toBe(hourMs - 120_000);
	expect(drawnFromMs([{ atMs: [10 * 60_000], values: [1] }, line], 0, hourMs)).toBe(0);
	expect(drawnFromMs([{ atMs: [], values: [] }], 0, hourMs)).toBe(0);
});

describe('charts grow while the device reports', () => {
	test('each field by the time of its own group, and the time shown moves on', () => {
		const grown = extendHistory(
			historyOf([
				{ field: 'speed_kmh', atMs: [9_950], values: [20] },
				{ field: 'soc_pct', atMs: [9_000], values: [61] },
				{ field: 'charging', atMs: [], values: [] },
				{ field: 'signal', atMs: [8_000], values: [17] },
				{ field: sensorField('cell 1, V'), atMs: [9_000], values: [3.2] },
			]),
			state,
		);
		expect(grown.series).toEqual([
			{ field: 'speed_kmh', atMs: [9_950, 10_000], values: [20, 31] },
			{ field: 'soc_pct', atMs: [9_000], values: [61] },
			{ field: 'charging', atMs: [9_000], values: [1] },
			{ field: 'signal', atMs: [8_000], values: [17] },
			{ field: sensorField('cell 1, V'), atMs: [9_000, 9_001, 10_000], values: [3.2, null, 3.3] },
		]);
		expect(grown).toMatchObject({ fromMs: 500, toMs: 10_000 });
	});

	test('without news they are the same object', () => {
		const history = historyOf([{ field: 'speed_kmh', atMs: [10_000], values: [31] }]);
		expect(extendHistory(history, state)).toBe(history);
	});
});

describe('what can be drawn', () => {
	test('is what the device has said in numbers', () => {
		const drawable = drawableFields(state);
		expect(drawable).toEqual([
			'speed_kmh',
			'soc_pct',
			'charging',
			'signal',
			'sensor:cell%201%2C%20V',
		]);
		expect(defaultFields('ev', drawable)).toEqual(['speed_kmh', 'soc_pct']);
		expect(defaultFields('ultra', drawable)).toEqual(['speed_kmh', 'soc_pct']);
		expect(defaultFields('ultra', ['battery_v', 'signal'])).toEqual(['battery_v']);
	});

	test('a value that a family usually does not report is not lost', () => {
		expect(unusualFields('ev', { oil_pressure_bar: 2, speed_kmh: 3, lat: 1 })).toEqual([
			'oil_pressure_bar',
		]);
	});

	test('sensors keep their names on the way', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
				expect(sensorNameOf(sensorField(name))).toBe(name);
				expect(sensorField(name)).not.toContain(',');
			}),
		);
		expect(sensorNameOf('speed_kmh')).toBeNull();
	});
});

describe('the page keeps its state in the address', () => {
	const addresses = fc.record({
		tab: fc.constantFrom('manage', 'track', 'commands'),
		span: fc.constantFrom(...spans),
		range: fc.option(
			fc
				.record({
					fromMs: fc.integer({ min: 1, max: 2_000_000_000_000 }),
					lengthMs: fc.integer({ min: minRangeMs, max: 1_000_000_000 }),
				})
				.map(({ fromMs, lengthMs }) => ({ fromMs, toMs: fromMs + lengthMs })),
		),
		fields: fc.option(fc.subarray([...seriesFields], { minLength: 1, maxLength: 8 })),
		day: fc.option(fc.constantFrom('2026-11-21', '2024-02-29')),
	});

	test('whatever it is, it comes back from the address bar', () => {
		fc.assert(
			fc.property(addresses, (address) => {
				const search = writeSearch(writeDeviceAddress(address));
				expect(readDeviceAddress(parseSearch(search))).toEqual(address);
			}),
		);
		expect(writeDeviceAddress(readDeviceAddress({}))).toEqual({});
	});

	test('what makes no sense reads as by default', () => {
		expect(
			readDeviceAddress({ span: '2y', from: '9', to: '1', day: '2026-02-30', fields: ',' }),
		).toEqual(readDeviceAddress({}));
	});
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { AnyEndpoint } from '#contract/endpoint.ts';
import { deviceFamilies } from '#contract/family.ts';
import * as contract from '../contract.ts';
import { nextLink, readCursor, writeCursor } from './cursor.ts';
import { durationText, telemetryUnits, telemetryValues } from './telemetry.ts';

test('running times read as hours, minutes and seconds', () => {
	expect(durationText(217 + 47 / 60 + 12 / 3_600)).toBe('0217:47:12');
	expect(durationText(0)).toBe('0000:00:00');
	expect(durationText(59.999_99 / 60)).toBe('0001:00:00');
	expect(durationText(123_456)).toBe('123456:00:00');
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 3_600_000_000 }), (seconds) => {
			const [hours = 0, minutes = 0, rest = 0] = durationText(seconds / 3_600)
				.split(':')
				.map(Number);
			expect(hours * 3_600 + minutes * 60 + rest).toBe(seconds);
		}),
	);
});

test('each family has the values that its guide names', () => {
	const engine = {
		battery_v: 12.8,
		run_signal: 3,
		temperature_c: 70,
		charge_current_a: 21,
		engine_temp_c: 80,
		alternator_temp_c: 60,
		oil_pressure_bar: 3.1,
		total_hours: 217.5,
		last_runtime_hours: 1.25,
		total_kwh: 900,
		last_kwh: 4,
	};
	expect(telemetryValues('x_pro', engine)).toMatchObject({
		battery_voltage: 12.8,
		run_signal: 3,
		temperature: 70,
		total_hours: '0217:30:00',
		last_runtime_hours: '0001:15:00',
	});
	for (const family of ['unified', 'ultra'] as const)
		expect(telemetryValues(family, engine)).toMatchObject({
			battery_voltage: 12.8,
			run_signal: 3,
			charge_current: 21,
			engine_temperature: 80,
			alternator_temperature: 60,
			oil_pressure: 3.1,
			total_hours: '0217:30:00',
			last_runtime_hours: '0001:15:00',
			total_kwh_produced: 900,
			last_kwh_produced: 4,
		});
	for (const family of deviceFamilies)
		expect(Object.keys(telemetryUnits(family))).toEqual(Object.keys(telemetryValues(family, {})));
});

test('a cursor leads on, and one that nobody was given is refused', () => {
	const place = z.object({ after: z.int().min(1) });
	expect(readCursor(place, undefined)).toBeNull();
	expect(readCursor(place, writeCursor({ after: 7 }))).toEqual({ after: 7 });
	for (const made of ['', 'x', '%00', writeCursor({ after: -1 }), writeCursor(null)])
		expect(() => readCursor(place, made)).toThrow('not given by a page');
	expect(nextLink('/api/v1/devices?limit=2&cursor=a&q=b%26c', 'n=')).toBe(
		'</api/v1/devices?limit=2&cursor=n%3D&q=b%26c>; rel="next"',
	);
});

const endpoints = Object.values<unknown>(contract).filter(isEndpoint);

test.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
	'%s takes tokens, and its example fits its schemas',
	(_, { tokens, example, params, query, body, reply, summary }) => {
		expect(tokens).toBeDefined();
		expect(summary).not.toBe('');
		reply.parse(example?.reply);
		params?.parse(example?.params);
		query?.parse(example?.query);
		body?.parse(example?.body);
	},
);

function isEndpoint(value: unknown): value is AnyEndpoint {
	return typeof value === 'object' && value !== null && 'admits' in value && 'path' in value;
}

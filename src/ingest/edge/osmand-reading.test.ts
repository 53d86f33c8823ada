import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonForm, readQueryForm } from './osmand-reading.ts';

const query = (text: string) => readQueryForm(new URLSearchParams(text));

describe('query form', () => {
	test('knots become km/h, the rest keeps its unit; what has no field is a sensor', () => {
		expect(
			query(
				'id=123456789012345&timestamp=1504763810&lat=40.7&lon=-74.0&bearing=7.2&speed=40&altitude=224&batt=87&ignition=true&rpm=933&driver=Ada',
			),
		).toEqual({
			deviceId: '123456789012345',
			key: null,
			readings: [
				{
					at: '2017-09-07T05:56:50.000Z',
					lat: 40.7,
					lon: -74,
					heading_deg: 7.2,
					speed_kmh: 74.08,
					altitude_m: 224,
					soc_pct: 87,
					ignition: true,
					rpm: 933,
					driver: 'Ada',
				},
			],
		});
	});

	test.each([
		['seconds', '1442068686', '2015-09-12T14:38:06.000Z'],
		['milliseconds', '1442068686579', '2015-09-12T14:38:06.579Z'],
		['ISO 8601', '2016-01-27T18%3A55%3A47Z', '2016-01-27T18:55:47.000Z'],
		['ISO 8601 with a zone', '2016-01-27T18:55:47%2B02:00', '2016-01-27T16:55:47.000Z'],
		['a date and time in UTC', '2014-06-04+09%3A10%3A11', '2014-06-04T09:10:11.000Z'],
		['nothing that is a time', 'yesterday', 'yesterday'],
	])('a timestamp in %s', (_, timestamp, at) => {
		expect(query(`id=abc&timestamp=${timestamp}`)?.readings).toEqual([{ at }]);
	});

	test('id and position have two spellings', () => {
		expect(query('deviceid=abc&location=60.5,30.25')).toMatchObject({
			deviceId: 'abc',
			readings: [{ lat: 60.5, lon: 30.25 }],
		});
	});

	test('a key is no sensor, what comes several times is one text, what is empty is nothing', () => {
		expect(query('id=abc&key=secret&cell=257,02&cell=257,03&wifi=')).toEqual({
			deviceId: 'abc',
			key: 'secret',
			readings: [{ cell: '257,02;257,03' }],
		});
	});

	test('a position without a fix is left out', () => {
		expect(query('id=abc&lat=1&lon=2&speed=3&valid=false')?.readings).toEqual([{ valid: false }]);
	});

	test('without an id there is no report', () => {
		expect(query('timestamp=1377177267&lat=60.0&lon=30.0')).toBeNull();
	});
});

describe('JSON form', () => {
	test('m/s become km/h, a level becomes percent, what is flat is a sensor', () => {
		expect(
			readJsonForm({
				device_id: '8737767034',
				location: {
					timestamp: '2021-07-21T08:06:34.444Z',
					is_moving: false,
					odometer: 12,
					event: 'motionchange',
					coords: {
						latitude: -6.11,
						longitude: 106.68,
						accuracy: 3.8,
						speed: 18.5,
						heading: 63,
						altitude: 35.7,
					},
					activity: { type: 'still' },
					battery: { is_charging: false, level: 0.79 },
					extras: { load: 4 },
					_: '&id=8737767034&',
				},
			}),
		).toEqual({
			deviceId: '8737767034',
			key: null,
			readings: [
				{
					at: '2021-07-21T08:06:34.444Z',
					lat: -6.11,
					lon: 106.68,
					altitude_m: 35.7,
					heading_deg: 63,
					speed_kmh: 66.6,
					accuracy: 3.8,
					soc_pct: 79,
					charging: false,
					is_moving: false,
					odometer: 12,
					event: 'motionchange',
					activity: 'still',
					load: 4,
				},
			],
		});
	});

	test('-1 means that the phone does not know', () => {
		const location = {
			coords: { latitude: 1, longitude: 2, speed: -1, heading: -1, altitude: -1 },
			battery: { level: -1 },
		};
		const [reading] = readJsonForm({ device_id: 'abc', location })?.readings ?? [];
		expect(JSON.parse(JSON.stringify(reading))).toEqual({ lat: 1, lon: 2, altitude_m: -1 });
	});

	test('several locations are several readings', () => {
		const location = [{ timestamp: 1_504_763_810 }, { timestamp: 1_504_763_811 }];
		expect(readJsonForm({ device_id: 'abc', location })?.readings).toMatchObject([
			{ at: '2017-09-07T05:56:50.000Z' },
			{ at: '2017-09-07T05:56:51.000Z' },
		]);
	});

	test('whatever comes, it is a report or none', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.string(), (value, text) => {
				readJsonForm({ device_id: text, location: value });
				readJsonForm(value);
				readQueryForm(new URLSearchParams(text));
			}),
		);
	});
});

import fc from 'fast-check';
import type { Credentials } from '../attack/device-wire.ts';
import { readingText } from './bodies.ts';
import { jsonText, objectText } from './json.ts';
import { awkwardText, awkwardTime } from './texts.ts';

/** One whole request to the OsmAnd port. */
export interface OsmAndCase {
	readonly method: 'GET' | 'POST';
	readonly address: string;
	readonly contentType: string | null;
	readonly body: string;
}

const parameter = fc.tuple(
	fc.oneof(
		fc.constantFrom(
			'lat',
			'lon',
			'location',
			'timestamp',
			'speed',
			'bearing',
			'batt',
			'valid',
			'seq',
		),
		awkwardText,
	),
	fc.oneof(awkwardText, awkwardTime, fc.double().map(String)),
);

const coordinates = objectText(
	fc.oneof(fc.constantFrom('latitude', 'longitude', 'speed', 'heading', 'altitude'), awkwardText),
	jsonText,
	5,
);
const part = fc.oneof(coordinates, jsonText, readingText);
const location = objectText(
	fc.oneof(
		fc.constantFrom('timestamp', 'coords', 'battery', 'extras', 'activity', 'at', '_'),
		awkwardText,
	),
	part,
	6,
);

/** Reports of a device that may: in the address, as a form, and as JSON, each with what nobody expects. */
export function osmAndCases({ deviceId, key }: Credentials): fc.Arbitrary<OsmAndCase> {
	const query = fc
		.tuple(fc.array(parameter, { maxLength: 12 }), fc.nat(9))
		.map(([parameters, luck]) => {
			const all = new URLSearchParams(parameters.map(([name, value]) => [name, value]));
			// Few do not say who they are, since only some failures of an address are free.
			if (luck > 0) all.append('id', deviceId);
			all.append('key', key);
			return all.toString();
		});
	const inAddress = query.map((text) => ({
		method: 'GET' as const,
		address: `/?${text}`,
		contentType: null,
		body: '',
	}));
	const asForm = query.map((body) => ({
		method: 'POST' as const,
		address: '/',
		contentType: 'application/x-www-form-urlencoded',
		body,
	}));
	const asJson = fc
		.tuple(
			fc.oneof(
				location,
				fc.array(location, { maxLength: 3 }).map((all) => `[${all}]`),
				jsonText,
			),
			fc.nat(9),
		)
		.map(([given, luck]) => ({
			method: 'POST' as const,
			address: '/',
			contentType: 'application/json',
			body: luck === 0 ? given : `{"device_id":"${deviceId}","key":"${key}","location":${given}}`,
		}));
	return fc.oneof(
		inAddress.filter(({ address }) => address.length < 15_000),
		asForm,
		{ arbitrary: asJson, weight: 3 },
	);
}

import type { WireReading } from '#contract/device-reading.ts';

const kmhPerKnot = 1.852;
const kmhPerMetrePerSecond = 3.6;
/** Whole numbers below are seconds, those above milliseconds; as seconds this is the year 2038. */
const largestSeconds = 2 ** 31 - 1;

/** What a request over OsmAnd says: who, perhaps with which key, and its readings in the native form. */
export interface OsmAndReport {
	readonly deviceId: string;
	readonly key: string | null;
	readonly readings: readonly WireReading[];
}

/**
 * Reads the query form: `id`, `lat`, `lon` or `location`, `timestamp`, `speed` in knots, `bearing` or `heading`,
 * `altitude`, `batt`; everything else is a sensor. @returns null when there is no id
 */
export function readQueryForm(parameters: URLSearchParams): OsmAndReport | null {
	const deviceId = parameters.get('id') ?? parameters.get('deviceid');
	if (deviceId === null) return null;
	const reading: WireReading = {};
	for (const name of new Set(parameters.keys())) {
		const value = parameters.getAll(name).join(';');
		if (value === '') continue;
		switch (name) {
			case 'id':
			case 'deviceid':
			case 'key':
				break;
			case 'timestamp':
				reading.at = instantOf(value);
				break;
			case 'location': {
				const [lat = '', lon = ''] = value.split(',');
				Object.assign(reading, { lat: parameterValue(lat), lon: parameterValue(lon) });
				break;
			}
			case 'speed':
				Object.assign(reading, { speed_kmh: scaled(parameterValue(value), kmhPerKnot) });
				break;
			case 'bearing':
			case 'heading':
				Object.assign(reading, { heading_deg: parameterValue(value) });
				break;
			case 'altitude':
				Object.assign(reading, { altitude_m: parameterValue(value) });
				break;
			case 'batt':
				Object.assign(reading, { soc_pct: parameterValue(value) });
				break;
			default:
				Object.assign(reading, { [name]: parameterValue(value) });
		}
	}
	// The receiver says itself that it has no fix: the last position it had is no new one.
	if (reading.valid === false || reading.valid === 0) withoutPosition(reading);
	return { deviceId, key: parameters.get('key'), readings: [reading] };
}

/**
 * Reads the JSON form: `device_id` and `location`, one or an array, with `coords` (speed in m/s) and `battery` (level
 * from 0 to 1); -1 means unknown. What a person added as `extras`, and everything flat, is a sensor.
 * @returns null when there is no id
 */
export function readJsonForm(body: unknown): OsmAndReport | null {
	if (!isObject(body) || typeof body.device_id !== 'string') return null;
	const locations = Array.isArray(body.location) ? body.location : [body.location];
	return {
		deviceId: body.device_id,
		key: typeof body.key === 'string' ? body.key : null,
		readings: locations.filter(isObject).map(readLocation),
	};
}

type Json = Readonly<Record<string, unknown>>;

function readLocation(location: Json): WireReading {
	const coords = partOf(location, 'coords');
	const battery = partOf(location, 'battery');
	const reading: WireReading = { ...flat(partOf(location, 'extras')), ...flat(location) };
	delete reading.timestamp;
	delete reading._;
	const { type: activity } = partOf(location, 'activity');
	Object.assign(reading, {
		...(location.timestamp !== undefined && { at: instantOf(location.timestamp) }),
		lat: coords.latitude,
		lon: coords.longitude,
		altitude_m: coords.altitude,
		heading_deg: known(coords.heading),
		speed_kmh: scaled(known(coords.speed), kmhPerMetrePerSecond),
		accuracy: known(coords.accuracy),
		soc_pct: scaled(known(battery.level), 100),
		charging: battery.is_charging,
		activity,
	});
	return reading;
}

function withoutPosition(reading: WireReading): void {
	delete reading.lat;
	delete reading.lon;
	delete reading.speed_kmh;
	delete reading.heading_deg;
}

/** Values that are neither lists nor objects. */
function flat(part: Json): Json {
	return Object.fromEntries(Object.entries(part).filter(([, value]) => typeof value !== 'object'));
}

function partOf(whole: Json, name: string): Json {
	const part = whole[name];
	return isObject(part) ? part : {};
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The phone's -1 stands for "not known". */
function known(value: unknown): unknown {
	return typeof value === 'number' && value < 0 ? undefined : value;
}

function scaled(value: unknown, factor: number): unknown {
	return typeof value === 'number' ? Number((value * factor).toPrecision(12)) : value;
}

/** A parameter as number or boolean where it is one, else as text. */
function parameterValue(text: string): number | boolean | string {
	if (text === 'true' || text === 'false') return text === 'true';
	const number = text.trim() === '' ? Number.NaN : Number(text);
	return Number.isFinite(number) ? number : text;
}

/** RFC 3339 of seconds, milliseconds or ISO 8601; what is none of them stays as it is and counts as no time. */
function instantOf(value: unknown): string {
	const text = String(value).trim();
	const number = Number(text);
	const parsed =
		text !== '' && Number.isFinite(number)
			? number * (number <= largestSeconds ? 1_000 : 1)
			: Date.parse(withZone(text));
	const date = new Date(parsed);
	return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

/** A time without a zone is in UTC. */
function withZone(text: string): string {
	return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)
		? `${text.replace(' ', 'T')}Z`
		: text;
}

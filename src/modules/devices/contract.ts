import { z } from 'zod';
import { type FieldName, fieldNames, readingFields } from '#contract/device-reading.ts';
import { endpoint } from '#contract/endpoint.ts';
import { deviceFamilySchema, transportSchema } from '#contract/family.ts';
import { fleetReaders } from '#contract/roles.ts';
import { statusSchema } from '#contract/status.ts';
import { topic } from '#contract/topic.ts';

const deviceParams = z.object({ deviceId: z.string().max(64) });
const valueSchema = z.union([z.number(), z.boolean(), z.string()]);
const instantSchema = z.coerce.number().int().min(0).max(8_640_000_000_000_000);

/** Everything a device last said of itself. Instants are epoch milliseconds. */
export const deviceStateSchema = z.object({
	deviceNo: z.int(),
	status: statusSchema,
	lastHeardAtMs: z.number().nullable(),
	clockWrong: z.boolean(),
	/** Time of the newest reading; null before the first. */
	newestAtMs: z.number().nullable(),
	/** Each group of values is as new as its own time. */
	positionAtMs: z.number().nullable(),
	powerAtMs: z.number().nullable(),
	vehicleAtMs: z.number().nullable(),
	engineAtMs: z.number().nullable(),
	/** Standard fields by their wire names; what the device never said is not there. */
	values: z.partialRecord(z.enum(fieldNames), valueSchema),
	/** Everything else it said, by the device's own names. */
	sensors: z.record(z.string(), valueSchema),
});
export type DeviceState = z.infer<typeof deviceStateSchema>;

/** A device with what it is fitted to, to whom it belongs, and its state. */
export const deviceDetailsSchema = z.object({
	deviceNo: z.int(),
	deviceId: z.string(),
	telematicsId: z.string().nullable(),
	name: z.string().nullable(),
	family: deviceFamilySchema,
	transport: transportSchema.nullable(),
	reportingIntervalSeconds: z.int(),
	vin: z.string().nullable(),
	registrationNo: z.string().nullable(),
	model: z.string().nullable(),
	motorId: z.string().nullable(),
	bmsId: z.string().nullable(),
	customerName: z.string().nullable(),
	place: z.string().nullable(),
	dealerName: z.string().nullable(),
	state: deviceStateSchema,
});
export type DeviceDetails = z.infer<typeof deviceDetailsSchema>;

export const showDevice = endpoint({
	method: 'GET',
	path: '/api/devices/:deviceId',
	summary: 'One device with everything it last said',
	admits: fleetReaders,
	params: deviceParams,
	reply: z.object({ device: deviceDetailsSchema, asOfMs: z.number() }),
});

/** A device's state whenever it changes; at most one message a second. */
export const deviceStateTopic = topic({
	name: 'device.state',
	admits: fleetReaders,
	params: z.object({ deviceNo: z.int() }),
	message: deviceStateSchema,
});

/** Something new is to be read in {@link listDeviceFacts}. */
export const deviceFactsTopic = topic({
	name: 'device.facts',
	admits: fleetReaders,
	params: z.object({ deviceNo: z.int() }),
	message: z.object({ newestAtMs: z.number() }),
});

/** Received so long after it was measured, a reading counts as late in {@link showDeviceHealth}. */
export const lateAfterSeconds = 300;

export const showDeviceHealth = endpoint({
	method: 'GET',
	path: '/api/devices/:deviceId/health',
	summary:
		'How regularly a device reports: readings of the last hour, and late ones of the last 24 hours',
	admits: fleetReaders,
	params: deviceParams,
	reply: z.object({
		readingsLastHour: z.int(),
		lateReadings: z.int(),
		longestDelaySeconds: z.number().nullable(),
	}),
});
export type DeviceHealth = z.infer<typeof showDeviceHealth.reply>;

/** Standard fields that can be drawn over time: numbers, and booleans as 0 and 1. */
export const seriesFields: readonly FieldName[] = fieldNames.filter(
	(name) => readingFields[name].type !== 'text' && name !== 'lat' && name !== 'lon',
);
/** In front of the name of a sensor where fields are asked for. */
export const sensorPrefix = 'sensor:';
export const maxSeries = 8;
export const maxSeriesPoints = 2_000;
export const maxSeriesSpanMs = 400 * 86_400_000;

const fieldListSchema = z
	.string()
	.describe(
		'Fields, separated by commas: standard names, or sensor: and the name of a sensor, escaped as in addresses',
	)
	.transform((text) => [...new Set(text.split(',').filter((part) => part !== ''))])
	.pipe(
		z
			.array(
				z
					.string()
					.max(400)
					.refine((name) => isSeriesField(name), 'There is no such field to draw.'),
			)
			.min(1, 'Name at least one field.')
			.max(maxSeries, `Name at most ${maxSeries} fields.`),
	);

function isSeriesField(name: string): boolean {
	if (name.startsWith(sensorPrefix)) return sensorNameOf(name) !== null;
	return seriesFields.some((field) => field === name);
}

/** Names a sensor among fields; commas and the like are escaped. */
export function sensorField(sensorName: string): string {
	return `${sensorPrefix}${encodeURIComponent(sensorName)}`;
}

/** The sensor that a field names, or null when it names none. */
export function sensorNameOf(field: string): string | null {
	if (!field.startsWith(sensorPrefix)) return null;
	try {
		return decodeURIComponent(field.slice(sensorPrefix.length));
	} catch {
		return null;
	}
}

/** One field over time. `atMs` rises; a null in `values` is a gap, in which nothing is known. */
export const seriesSchema = z.object({
	field: z.string(),
	atMs: z.array(z.number()),
	values: z.array(z.number().nullable()),
});
export type Series = z.infer<typeof seriesSchema>;

export const showDeviceSeries = endpoint({
	method: 'GET',
	path: '/api/devices/:deviceId/series',
	summary:
		'Values of a device over time, reduced to what a chart of so many points shows, peaks kept',
	admits: fleetReaders,
	params: deviceParams,
	query: z
		.object({
			from: instantSchema.describe('Epoch milliseconds, included'),
			to: instantSchema.describe('Epoch milliseconds, excluded'),
			fields: fieldListSchema,
			points: z.coerce
				.number()
				.int()
				.min(10)
				.max(maxSeriesPoints)
				.default(600)
				.describe('Width of the chart; the reply has at most twice as many values of each field'),
		})
		.refine(({ from, to }) => from < to, {
			path: ['to'],
			message: 'The end has to be after the start.',
		})
		.refine(({ from, to }) => to - from <= maxSeriesSpanMs, {
			path: ['from'],
			message: 'A chart covers at most 400 days.',
		}),
	reply: z.object({
		series: z.array(seriesSchema),
		/** False when there are all values as they were stored. */
		isReduced: z.boolean(),
		/** Silence longer than this is a gap. */
		gapMs: z.number(),
	}),
});
export type SeriesReply = z.infer<typeof showDeviceSeries.reply>;

const factSchema = z.object({
	factNo: z.int(),
	kind: z.string(),
	atMs: z.number(),
	details: z.unknown(),
});
export type DeviceFact = z.infer<typeof factSchema>;

export const listDeviceFacts = endpoint({
	method: 'GET',
	path: '/api/devices/:deviceId/facts',
	summary: 'What happened to a device, newest first',
	admits: fleetReaders,
	params: deviceParams,
	query: z.object({
		before: z.coerce.number().int().min(1).optional().describe('The last fact of the page before'),
		limit: z.coerce.number().int().min(1).max(100).default(20),
	}),
	reply: z.object({ facts: z.array(factSchema), hasMore: z.boolean() }),
});

/** A reading of a day's route in columns: the n-th of each array belong together; `lat` and `lon` are known together. */
export const trackSchema = z.object({
	atMs: z.array(z.number()),
	lat: z.array(z.number().nullable()),
	lon: z.array(z.number().nullable()),
	speedKmh: z.array(z.number().nullable()),
	socPct: z.array(z.number().nullable()),
});
export type Track = z.infer<typeof trackSchema>;

/** Of a day with more readings than this, a part is shown: per slice of time the first and the fastest. */
export const maxTrackPoints = 5_000;

export const showDeviceTrack = endpoint({
	method: 'GET',
	path: '/api/devices/:deviceId/track',
	summary:
		'Where a device was on a day of the organization’s time zone, with speed and state of charge',
	admits: fleetReaders,
	params: deviceParams,
	query: z.object({ day: z.iso.date() }),
	reply: z.object({
		/** Start and end of the day, epoch milliseconds. */
		fromMs: z.number(),
		toMs: z.number(),
		track: trackSchema,
		/** Readings of the day; more than `track` holds when `isReduced`. */
		readings: z.int(),
		isReduced: z.boolean(),
		/** Highest less lowest odometer of the day; null when it was not reported. */
		distanceKm: z.number().nullable(),
		/** Silence longer than this is a gap. */
		gapMs: z.number(),
	}),
});
export type TrackReply = z.infer<typeof showDeviceTrack.reply>;

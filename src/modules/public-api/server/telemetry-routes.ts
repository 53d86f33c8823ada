import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fault } from '#contract/faults.ts';
import type { Scope } from '#contract/scope.ts';
import { isLiveAt, statusLabel } from '#contract/status.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import {
	findVisibleDevice,
	readDevice,
	readReadings,
	type StoredDevice,
} from '#modules/devices/server/index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import { listTelemetry, showPublicStatus, showTelemetry } from '../contract.ts';
import { nextLink, readCursor, writeCursor } from './cursor.ts';
import { telemetryUnits, telemetryValues } from './telemetry.ts';
import { isoOf } from './words.ts';

export interface TelemetryRouteOptions {
	readonly database: Database;
	readonly index: FleetIndex;
	readonly clock: Clock;
}

const readingPlace = z.object({
	at: z.iso.datetime({ precision: 6 }),
	ident: z.string().regex(/^-?\d{1,19}$/),
});

/** What devices say, as programs read it. */
export function servePublicTelemetry(app: FastifyInstance, options: TelemetryRouteOptions): void {
	const { database, index, clock } = options;

	serve(app, showPublicStatus, async ({ params, principal: { scope } }) => {
		const device = await deviceOf(database, scope, params.device_id);
		const { state, family, reportingIntervalSeconds } = device;
		const { values, lastHeardAtMs } = state;
		const status = index.status(device.deviceNo);
		const nowMs = clock();
		return {
			device_id: device.deviceId,
			status,
			status_label: statusLabel(status, family),
			is_live: isLiveAt({ lastHeardAtMs, reportingIntervalSeconds }, nowMs),
			last_heard_at: isoOf(lastHeardAtMs),
			ignition: typed(z.boolean(), values.ignition),
			charging: typed(z.boolean(), values.charging),
			run_state: typed(z.string(), values.run_state),
			firmware: typed(z.string(), values.firmware),
			signal: typed(z.number(), values.signal),
			position: positionOf(device),
			is_clock_wrong: state.clockWrong,
			as_of: isoOf(nowMs),
		};
	});

	serve(app, showTelemetry, async ({ params, principal: { scope } }) => {
		const { deviceId, family, state } = await deviceOf(database, scope, params.device_id);
		return {
			device_id: deviceId,
			family,
			last_heard_at: isoOf(state.lastHeardAtMs),
			values: telemetryValues(family, state.values),
			units: telemetryUnits(family),
			measured_at: {
				position: isoOf(state.positionAtMs),
				power: isoOf(state.powerAtMs),
				vehicle: isoOf(state.vehicleAtMs),
				engine: isoOf(state.engineAtMs),
			},
			sensors: state.sensors,
		};
	});

	serve(app, listTelemetry, async ({ params, query, principal: { scope }, request, reply }) => {
		const { deviceId, family } = await deviceOf(database, scope, params.device_id);
		const device = await findVisibleDevice(database, scope, deviceId);
		const place = readCursor(readingPlace, query.cursor);
		const { readings, hasMore } = await readReadings(database, device, {
			fromMs: Date.parse(query.from),
			toMs: Date.parse(query.to),
			after: place && { atText: place.at, ident: place.ident },
			limit: query.limit,
		});
		const last = readings.at(-1);
		const next =
			hasMore && last !== undefined ? writeCursor({ at: last.atText, ident: last.ident }) : null;
		if (next !== null) reply.header('link', nextLink(request.url, next));
		return {
			device_id: deviceId,
			units: telemetryUnits(family),
			readings: readings.map(({ at, receivedAt, values, sensors }) => ({
				at: at.toISOString(),
				received_at: receivedAt.toISOString(),
				values: telemetryValues(family, values),
				sensors: { ...sensors },
			})),
			next,
		};
	});
}

async function deviceOf(database: Database, scope: Scope, deviceId: string): Promise<StoredDevice> {
	const device = await readDevice(database, scope, { deviceId });
	if (device === undefined) throw fault('not_found', { thing: 'device' });
	return device;
}

function typed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | null {
	return schema.safeParse(value).data ?? null;
}

function positionOf({ state }: StoredDevice) {
	const latitude = typed(z.number(), state.values.lat);
	const longitude = typed(z.number(), state.values.lon);
	if (latitude === null || longitude === null) return null;
	return { latitude, longitude, at: isoOf(state.positionAtMs) };
}

import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import type { FleetIndex } from '#live/fleet-index.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/database/connect.ts';
import { serve } from '#platform/http/serve.ts';
import {
	listDeviceFacts,
	showDevice,
	showDeviceHealth,
	showDeviceSeries,
	showDeviceTrack,
} from '../contract.ts';
import { readDevice, readHealth } from './device-store.ts';
import { readFacts } from './fact-store.ts';
import { readSeries } from './series-store.ts';
import { readTrack } from './track-store.ts';
import { findVisibleDevice } from './visible-device.ts';

export interface DeviceRouteOptions {
	readonly database: Database;
	readonly index: FleetIndex;
	readonly clock: Clock;
}

/** The device page's endpoints. */
export function serveDeviceRoutes(app: FastifyInstance, options: DeviceRouteOptions): void {
	const { database, index, clock } = options;

	serve(app, showDevice, async ({ params, principal: { scope } }) => {
		const device = await readDevice(database, scope, params);
		if (device === undefined) throw fault('not_found', { thing: 'device' });
		const status = index.status(device.deviceNo);
		return { device: { ...device, state: { ...device.state, status } }, asOfMs: clock() };
	});

	serve(app, showDeviceHealth, async ({ params, principal: { scope } }) => {
		const device = await findVisibleDevice(database, scope, params.deviceId);
		return readHealth(database, device, clock());
	});

	serve(app, showDeviceSeries, async ({ params, query, principal: { scope } }) => {
		const device = await findVisibleDevice(database, scope, params.deviceId);
		return readSeries(database, device, query);
	});

	serve(app, listDeviceFacts, async ({ params, query, principal: { scope } }) => {
		const device = await findVisibleDevice(database, scope, params.deviceId);
		return readFacts(database, device, query);
	});

	serve(app, showDeviceTrack, async ({ params, query, principal: { scope, organization } }) => {
		const device = await findVisibleDevice(database, scope, params.deviceId);
		return readTrack(database, device, query.day, organization.timeZone);
	});
}

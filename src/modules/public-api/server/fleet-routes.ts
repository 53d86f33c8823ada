import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fault } from '#contract/faults.ts';
import { rowNumberSchema } from '#contract/row-number.ts';
import {
	countLive,
	type FleetWalkOptions,
	readFleetAfter,
	readFleetDevice,
} from '#modules/fleet/server/index.ts';
import { readTokenExpiry } from '#modules/tokens/server/index.ts';
import { serve } from '#platform/http/serve.ts';
import { listPublicDevices, showFleetSummary, showMe, showPublicDevice } from '../contract.ts';
import { nextLink, readCursor, writeCursor } from './cursor.ts';
import { isoOf, publicDevice } from './words.ts';

const devicePlace = z.object({ after: rowNumberSchema });

/** The fleet as programs read it. */
export function servePublicFleet(app: FastifyInstance, options: FleetWalkOptions): void {
	const { database, index, clock } = options;

	serve(app, showMe, async ({ principal }) => {
		const { credential, email, name, role, organization, scope } = principal;
		return {
			token:
				credential.kind === 'token'
					? {
							name: credential.name,
							may_control: credential.mayControl,
							expires_at: isoOf(await readTokenExpiry(database, credential.tokenNo)),
						}
					: null,
			owner: { email, name, role },
			organization: { name: organization.name, time_zone: organization.timeZone },
			scope: {
				dealer_id: scope.dealerNo,
				customer_ids: scope.customerNos === null ? null : [...scope.customerNos],
				is_restricted_to_devices: scope.deviceNos !== null,
				devices: sumOf(index.counts(scope)),
			},
		};
	});

	serve(app, showFleetSummary, async ({ principal: { scope } }) => {
		const nowMs = clock();
		const live = await countLive(database, scope, nowMs);
		const statuses = index.counts(scope);
		return { total: sumOf(statuses), live, statuses, as_of: isoOf(nowMs) };
	});

	serve(app, listPublicDevices, async ({ query, principal: { scope }, request, reply }) => {
		const { q, status, family, customer, limit } = query;
		const filter = {
			q,
			status,
			...(family !== undefined && { family }),
			...(customer !== undefined && { customerNo: customer }),
		};
		const afterNo = readCursor(devicePlace, query.cursor)?.after ?? 0;
		const { rows, hasMore, lastNo } = await readFleetAfter(options, scope, filter, afterNo, limit);
		const next = hasMore ? writeCursor({ after: lastNo }) : null;
		if (next !== null) reply.header('link', nextLink(request.url, next));
		const nowMs = clock();
		return { devices: rows.map((row) => publicDevice(row, nowMs)), next };
	});

	serve(app, showPublicDevice, async ({ params, principal: { scope } }) => {
		const device = await readFleetDevice(database, scope, params.device_id, clock());
		if (device === undefined) throw fault('not_found', { thing: 'device' });
		return publicDevice(device, clock());
	});
}

function sumOf(counts: Readonly<Record<string, number>>): number {
	return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { fault } from '#contract/faults.ts';
import type { Scope } from '#contract/scope.ts';
import { liveIntervals } from '#contract/status.ts';
import { inScope, periodsInScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';

/** A device as far as a reader may look into its past. */
export interface VisibleDevice {
	readonly deviceNo: number;
	/** Silence longer than this is a gap: by then the device no longer counts as live. */
	readonly gapMs: number;
	/** When it was in the reader's scope, as PostgreSQL writes a `tstzmultirange`. */
	readonly periods: string;
}

/**
 * A device that is in scope now, with the time in which it was. A reader of the whole organization sees all of it.
 * @throws `not_found`
 */
export async function findVisibleDevice(
	database: Database,
	scope: Scope,
	deviceId: string,
): Promise<VisibleDevice> {
	const device = await database
		.selectFrom('v_device as d')
		.where('d.device_id', '=', deviceId)
		.where('d.retired_at', 'is', null)
		.where(inScope(scope))
		.select([
			sql<number>`d.device_no`.as('deviceNo'),
			sql<number>`d.reporting_interval_s * ${1000 * liveIntervals}::int`.as('gapMs'),
			periodsInScope(scope).as('periods'),
		])
		.executeTakeFirst();
	if (device === undefined) throw fault('not_found', { thing: 'device' });
	return device;
}

/** Whether an instant lies in the time that the reader may see. */
export function isVisible(device: VisibleDevice, at: RawBuilder<unknown>): RawBuilder<SqlBool> {
	return sql<SqlBool>`${at} <@ ${device.periods}::tstzmultirange`;
}

import { sql } from 'kysely';
import type { EndpointReply } from '#contract/endpoint.ts';
import type { Database } from '#platform/database/connect.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import type { DeviceFact, listDeviceFacts } from '../contract.ts';
import { isVisible, type VisibleDevice } from './visible-device.ts';

/** A page of what happened to a device, newest first. `before` is the last fact of the page before. */
export async function readFacts(
	database: Database,
	device: VisibleDevice,
	{ before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<EndpointReply<typeof listDeviceFacts>> {
	const isBefore =
		before === undefined
			? sql`true`
			: sql`(f.at, f.fact_no) < (select b.at, b.fact_no from fact b
				where b.fact_no = ${before} and b.device_no = ${device.deviceNo})`;
	const { rows } = await sql<DeviceFact>`
		select f.fact_no as "factNo", f.kind, ${epochMs('f.at')} as "atMs", f.details
		from fact f
		where f.device_no = ${device.deviceNo} and ${isVisible(device, sql.ref('f.at'))} and ${isBefore}
		order by f.at desc, f.fact_no desc
		limit ${limit + 1}
	`.execute(database);
	return { facts: rows.slice(0, limit), hasMore: rows.length > limit };
}

import { sql } from 'kysely';
import type { Scope } from '#contract/scope.ts';
import { inScope } from '#modules/products/server/index.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import type { FoundDevice } from '../contract.ts';

const mostFound = 8;
/** Matches inside the scope that are looked at; a text that matches more is too broad to find anything by. */
const mostMatches = 10_000;

/** Devices in scope of which an id, name, VIN or registration number contains the text; at most eight, by name. */
export function findDevices(
	database: Database,
	scope: Scope,
	text: string,
): Promise<FoundDevice[]> {
	const pattern = containing(text);
	const matches = sql<number>`(
		(select t.device_no from v_device_text t join v_device f using (device_no)
			where t.organization_no = ${scope.organizationNo} and t.text ilike ${pattern} and ${inScope(scope, 'f')}
			limit ${mostMatches})
		union all
		(select f.device_no from v_vehicle_text v join v_device f on f.vehicle_no = v.vehicle_no
			where v.organization_no = ${scope.organizationNo} and v.text ilike ${pattern} and ${inScope(scope, 'f')}
			limit ${mostMatches})
	)`;
	return (
		database
			.selectFrom('v_device as d')
			.leftJoin('device_state as s', 's.device_no', 'd.device_no')
			.where('d.retired_at', 'is', null)
			.where(inScope(scope))
			.where('d.device_no', 'in', matches)
			.select([
				sql<number>`d.device_no`.as('deviceNo'),
				sql<string>`d.device_id`.as('deviceId'),
				'd.vin',
				'd.name',
				'd.customer_name as customerName',
				's.lat',
				's.lon',
			])
			// A text that is a Device ID means that device, however many others contain it.
			.orderBy(sql`d.device_id = ${text}`, 'desc')
			.orderBy(sql`coalesce(d.vin, d.name, d.device_id)`)
			.limit(mostFound)
			.execute()
	);
}

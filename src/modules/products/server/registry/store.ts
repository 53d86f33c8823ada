import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type pg from 'pg';
import { countLimit } from '#contract/list.ts';
import type { Scope } from '#contract/scope.ts';
import type { Database } from '#platform/database/connect.ts';
import { containing } from '#platform/database/containing.ts';
import { countAll } from '#platform/database/count-listed.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { readPage } from '#platform/database/read-page.ts';
import type {
	RegisteredDeviceRow,
	RegistryPage,
	RegistryQuery,
	RegistrySort,
} from '../../contract.ts';
import { inScope } from '../scope.ts';

/** Search, filters and order of the list, without the page. */
export type RegistrySelection = Omit<RegistryQuery, 'page' | 'pageSize'>;

/** One page of the registered devices in scope, and how many there are up to {@link countLimit}. */
export async function readRegistryPage(
	database: Database,
	scope: Scope,
	query: RegistryQuery,
): Promise<RegistryPage> {
	const wanted = await conditionOf(database, scope, query);
	return readPage<RegisteredDeviceRow>(database, query, {
		rows: registered,
		key: 'd.device_no',
		matching: sql`${candidates(query)} where ${wanted}`,
		order: orderOf(query),
	});
}

/** How many registered devices match; all of them are counted. */
export async function countRegistry(
	database: Database,
	scope: Scope,
	selection: RegistrySelection,
): Promise<number> {
	const wanted = await conditionOf(database, scope, selection);
	return countAll(database, sql`${candidates(selection)} where ${wanted}`);
}

/** Every registered device that matches, in order, portion by portion of one moment. */
export async function* readRegistryPortions(
	database: Database,
	client: pg.ClientBase,
	scope: Scope,
	selection: RegistrySelection,
	portionRows: number,
): AsyncGenerator<RegisteredDeviceRow[]> {
	const wanted = await conditionOf(database, scope, selection);
	const select = sql`${registered} where ${wanted} order by ${orderOf(selection)}`.compile(
		database,
	);
	yield* readInPortions<RegisteredDeviceRow>(client, select.sql, portionRows, select.parameters);
}

/** One registered device in scope, retired or not, or undefined. */
export async function readRegisteredDevice(
	database: Database,
	scope: Scope,
	deviceId: string,
): Promise<RegisteredDeviceRow | undefined> {
	const { rows } = await sql<RegisteredDeviceRow>`
		${registered} where d.device_id = ${deviceId} and ${inScope(scope)}`.execute(database);
	return rows[0];
}

const assignmentsShown = 100;

/** To what and whom a device belonged, newest first. */
export async function readAssignments(database: Database, scope: Scope, deviceNo: number) {
	const { rows } = await sql<{
		fromMs: number;
		toMs: number | null;
		vin: string | null;
		customerName: string | null;
		dealerName: string | null;
	}>`
		select ${epochMs(sql`lower(d.during)`)} as "fromMs", ${epochMs(sql`upper(d.during)`)} as "toMs",
			v.vin, c.name as "customerName", l.name as "dealerName"
		from device_assignment d
		left join vehicle v on v.vehicle_no = d.vehicle_no
		left join v_customer_name c on c.customer_no = d.customer_no
		left join v_dealer_name l on l.dealer_no = d.dealer_no
		where d.device_no = ${deviceNo} and ${inScope(scope)}
		order by d.during desc limit ${assignmentsShown}`.execute(database);
	return rows;
}

const registered = sql`
	select d.device_no as "deviceNo", d.device_id as "deviceId", d.telematics_id as "telematicsId", d.name,
		d.family, d.transport, d.sim_no as "simNo", d.reporting_interval_s as "reportingIntervalSeconds",
		d.osmand_allowed as "osmandAllowed",
		d.vin, d.customer_no as "customerNo", d.customer_name as "customerName", d.dealer_no as "dealerNo",
		d.dealer_name as "dealerName",
		${epochMs('s.last_heard_at')} as "lastHeardAtMs", s.firmware,
		coalesce(s.clock_wrong, false) as "clockWrong", d.key_state as "keyState",
		case when d.old_key_valid_until > now() then ${epochMs('d.old_key_valid_until')} end
			as "oldKeyValidUntilMs",
		${epochMs('d.retired_at')} as "retiredAtMs", ${epochMs('d.created_at')} as "createdAtMs"
	from v_registered_device d left join device_state s on s.device_no = d.device_no`;

/** What the conditions are asked of: no more tables than they need. */
function candidates({ heard }: RegistrySelection): RawBuilder<unknown> {
	return heard === 'never'
		? sql`select d.device_no from v_registered_device d left join device_state s on s.device_no = d.device_no`
		: sql`select d.device_no from v_registered_device d`;
}

const sortColumns: Record<RegistrySort, string> = {
	created: 'created_at',
	device_id: 'device_id',
	telematics_id: 'telematics_id',
};

function orderOf({ sort, direction }: RegistrySelection): RawBuilder<unknown> {
	const way = direction === 'asc' ? sql`asc` : sql`desc`;
	return sql`${sql.ref(`d.${sortColumns[sort]}`)} ${way}, d.device_no ${way}`;
}

async function conditionOf(
	database: Database,
	scope: Scope,
	{ q, family, transport, state, heard }: RegistrySelection,
): Promise<RawBuilder<SqlBool>> {
	const conditions: RawBuilder<SqlBool>[] = [
		inScope(scope),
		state === 'active' ? sql`d.retired_at is null` : sql`d.retired_at is not null`,
	];
	if (family !== undefined) conditions.push(sql`d.family = ${family}`);
	if (transport !== undefined) conditions.push(sql`d.transport = ${transport}`);
	if (heard === 'never') conditions.push(sql`s.last_heard_at is null`);
	if (q !== '') conditions.push(await matching(database, scope, q));
	return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

const textOf = sql`(d.device_id || e'\n' || coalesce(d.telematics_id, '') || e'\n' || coalesce(d.name, ''))`;
const vehicleTextOf = sql`(v.vin || e'\n' || coalesce(v.registration_no, ''))`;

/**
 * Devices that a text finds. A text that finds few is looked up by its trigrams; one that finds many is compared while
 * the list is walked in its order, which then fills a page soon.
 */
async function matching(database: Database, scope: Scope, q: string): Promise<RawBuilder<SqlBool>> {
	const pattern = containing(q);
	const { organizationNo } = scope;
	const most = countLimit + 1;
	const { rows } = await sql<{ device_no: number }>`
		(select d.device_no from device d
			where d.organization_no = ${organizationNo} and ${textOf} ilike ${pattern} limit ${most})
		union
		(select d.device_no from device d
			where d.organization_no = ${organizationNo} and d.sim_no ilike ${pattern} limit ${most})
		union
		(select a.device_no from vehicle v join device_assignment a on a.vehicle_no = v.vehicle_no
			where v.organization_no = ${organizationNo} and upper_inf(a.during)
				and ${vehicleTextOf} ilike ${pattern} limit ${most})`.execute(database);
	if (rows.length <= countLimit)
		return sql`d.device_no = any(${rows.map((row) => row.device_no)}::integer[])`;
	return sql`(${textOf} ilike ${pattern} or d.sim_no ilike ${pattern} or d.vin ilike ${pattern}
		or d.registration_no ilike ${pattern})`;
}

import { sql } from 'kysely';
import type { Database } from '#platform/database/connect.ts';
import { epochMs } from '#platform/database/epoch-ms.ts';
import {
	type DeviceImport,
	namedImportRows,
	usualReportingIntervalSeconds,
} from '../../contract.ts';
import type { ImportRow } from './read-file.ts';

/** Class of the advisory locks under which imports are applied; the object is the import. */
const applyingLock = 7_203_412;

const imports = (organizationNo: number) => sql`
	select import_no as "importNo", file_name as "fileName",
		${epochMs('uploaded_at')} as "uploadedAtMs", uploaded_by as "uploadedBy",
		rows_new as "rowsNew", rows_unchanged as "rowsUnchanged", rows_wrong as "rowsWrong",
		rows_warned as "rowsWarned", rows_done as "rowsDone", failure, keys_issued_at is not null as "keysIssued",
		case
			when applied_at is not null then 'applied'
			when exists (
				select from pg_locks l join pg_database b on b.oid = l.database
				where b.datname = current_database() and l.locktype = 'advisory' and l.granted
					and l.classid = ${sql.lit(applyingLock)} and l.objid = import_no and l.objsubid = 2
			) then 'applying'
			else 'ready'
		end as state
	from device_import where organization_no = ${organizationNo}`;

export async function readImport(
	database: Database,
	organizationNo: number,
	importNo: number,
): Promise<DeviceImport | undefined> {
	const { rows } = await sql<DeviceImport>`
		${imports(organizationNo)} and import_no = ${importNo}`.execute(database);
	return rows[0];
}

const importsShown = 20;

export async function readImports(
	database: Database,
	organizationNo: number,
): Promise<DeviceImport[]> {
	const { rows } = await sql<DeviceImport>`
		${imports(organizationNo)} order by import_no desc limit ${importsShown}`.execute(database);
	return rows;
}

/** The first rows of an import with something wrong, or with a warning. */
export async function readNamedRows(
	database: Database,
	importNo: number,
	column: 'problem' | 'warning',
): Promise<{ line: number; deviceId: string; sentence: string }[]> {
	const { rows } = await sql<{ line: number; deviceId: string; sentence: string }>`
		select line, device_id as "deviceId", ${sql.ref(column)} as sentence from device_import_row
		where import_no = ${importNo} and ${sql.ref(column)} is not null
		order by line limit ${namedImportRows}`.execute(database);
	return rows;
}

/** Begins an import; those that nobody applied within a day are forgotten. */
export async function insertImport(
	transaction: Database,
	organizationNo: number,
	fileName: string,
	uploadedBy: string,
): Promise<number> {
	await sql`delete from device_import where organization_no = ${organizationNo}
		and applied_at is null and uploaded_at < now() - interval '1 day'`.execute(transaction);
	const { import_no } = await transaction
		.insertInto('device_import')
		.values({ organization_no: organizationNo, file_name: fileName, uploaded_by: uploadedBy })
		.returning('import_no')
		.executeTakeFirstOrThrow();
	return import_no;
}

export async function insertImportRows(
	transaction: Database,
	importNo: number,
	rows: readonly ImportRow[],
): Promise<void> {
	const column = (read: (row: ImportRow) => string | number | null) => rows.map(read);
	await sql`
		insert into device_import_row (
			import_no, line, device_id, telematics_id, name, sim_no, family, transport, reporting_interval_s,
			problem, outcome
		)
		select ${importNo}, *, case when problem is not null then 'wrong' end from unnest(
			${column((row) => row.line)}::integer[],
			${column((row) => row.deviceId)}::text[],
			${column((row) => row.telematicsId)}::text[],
			${column((row) => row.name)}::text[],
			${column((row) => row.simNo)}::text[],
			${column((row) => row.family)}::text[],
			${column((row) => row.transport)}::text[],
			${column((row) => row.reportingIntervalSeconds)}::integer[],
			${column((row) => row.problem)}::text[]
		) as input (
			line, device_id, telematics_id, name, sim_no, family, transport, reporting_interval_s, problem
		)`.execute(transaction);
}

/**
 * Compares an import with the devices there are and says of each row what would become of it. Empty cells compare as
 * equal. Whose a device of another organization is stays untold.
 */
export async function classifyImport(
	transaction: Database,
	organizationNo: number,
	importNo: number,
	telematicsIdFormat: string | null,
): Promise<void> {
	await sql`analyze device_import_row`.execute(transaction);
	await sql`
		with row_in_file as (
			select *,
				first_value(line) over (partition by device_id order by line) as first_of_device,
				case when telematics_id is not null
					then first_value(line) over (partition by telematics_id order by line) end as first_of_telematics
			from device_import_row
			where import_no = ${importNo} and (outcome is distinct from 'wrong' or family is not null)
		), judged as (
			select r.line, case
				when r.first_of_device < r.line
					then 'The Device ID is in line ' || r.first_of_device || ' already.'
				when r.first_of_telematics < r.line
					then 'The Telematics ID ' || r.telematics_id || ' is in line ' || r.first_of_telematics || ' already.'
				when d.organization_no <> ${organizationNo}
					then 'The Device ID is already in use. Ask your administrator.'
				when d.retired_at is not null
					then 'The device is retired. Bring it back instead.'
				when t.device_no <> coalesce(d.device_no, 0) and t.organization_no <> ${organizationNo}
					then 'The Telematics ID ' || r.telematics_id || ' is already in use. Ask your administrator.'
				when t.device_no <> coalesce(d.device_no, 0)
					then 'The Telematics ID ' || r.telematics_id || ' is already in use by the device ' || t.device_id || '.'
				when d.device_no is not null and (
					coalesce(r.telematics_id, d.telematics_id) is distinct from d.telematics_id
					or coalesce(r.name, d.name) is distinct from d.name
					or coalesce(r.sim_no, d.sim_no) is distinct from d.sim_no
					or r.family <> d.family
					or coalesce(r.transport, d.transport) is distinct from d.transport
					or coalesce(r.reporting_interval_s, d.reporting_interval_s) <> d.reporting_interval_s
				) then 'The device is registered with other values. Change it on the page Devices instead.'
			end as problem, d.device_no is not null as is_known
			from row_in_file r
			left join device d on d.device_id = r.device_id
			left join device t on t.telematics_id = r.telematics_id
		)
		update device_import_row r set
			problem = j.problem,
			outcome = case when j.problem is not null then 'wrong' when j.is_known then 'unchanged' else 'new' end,
			warning = case when j.problem is null and not j.is_known
				and r.telematics_id !~ ${telematicsIdFormat}::text
				then 'The Telematics ID ' || r.telematics_id || ' does not have the usual format.' end
		from judged j where r.import_no = ${importNo} and r.line = j.line`.execute(transaction);
}

/** Keeps with an import how many of its rows would become what. */
export async function countOutcomes(transaction: Database, importNo: number): Promise<void> {
	await sql`
		update device_import i set rows_new = c.new, rows_unchanged = c.unchanged, rows_wrong = c.wrong,
			rows_warned = c.warned
		from (
			select count(*) filter (where outcome = 'new') as new,
				count(*) filter (where outcome = 'unchanged') as unchanged,
				count(*) filter (where outcome = 'wrong') as wrong,
				count(*) filter (where warning is not null) as warned
			from device_import_row where import_no = ${importNo}
		) c where i.import_no = ${importNo}`.execute(transaction);
}

/** Rows of an import that cannot be added. */
export async function countWrong(transaction: Database, importNo: number): Promise<number> {
	const { rows } = await sql<{ count: number }>`
		select count(*)::integer as count from device_import_row
		where import_no = ${importNo} and outcome = 'wrong'`.execute(transaction);
	return rows[0]?.count ?? 0;
}

/** Keeps others from applying the same import until the transaction ends. @returns whether nobody else does */
export async function lockImport(transaction: Database, importNo: number): Promise<boolean> {
	const { rows } = await sql<{ locked: boolean }>`
		select pg_try_advisory_xact_lock(${applyingLock}, ${importNo}) as locked`.execute(transaction);
	return rows[0]?.locked === true;
}

/**
 * Registers the next new devices of an import, in the order of the file and without keys.
 * @param afterLine the line up to which it is done
 * @returns their numbers, and the line up to which it is done now; null when none was left
 */
export async function addImportedDevices(
	transaction: Database,
	organizationNo: number,
	importNo: number,
	afterLine: number,
	most: number,
): Promise<{ deviceNos: number[]; line: number } | null> {
	const { rows } = await sql<{ device_nos: number[] | null; line: number | null }>`
		with portion as (
			select * from device_import_row
			where import_no = ${importNo} and outcome = 'new' and line > ${afterLine}
			order by line limit ${most}
		), added as (
			insert into device (
				organization_no, device_id, telematics_id, name, sim_no, family, transport,
				reporting_interval_s, import_no
			)
			select ${organizationNo}, device_id, telematics_id, name, sim_no, family, transport,
				coalesce(reporting_interval_s, ${usualReportingIntervalSeconds}), ${importNo}
			from portion order by line
			returning device_no
		), assigned as (
			insert into device_assignment (device_no, organization_no, during)
			select device_no, ${organizationNo}, tstzrange(now(), null) from added
		)
		select (select array_agg(device_no order by device_no) from added) as device_nos,
			(select max(line) from portion) as line`.execute(transaction);
	const [portion] = rows;
	if (portion?.device_nos === undefined || portion.device_nos === null || portion.line === null)
		return null;
	return { deviceNos: portion.device_nos, line: portion.line };
}

/**
 * Lets plans that were made for a small table be made anew: those that check foreign keys are kept by a connection, and
 * would read the whole table for each new device.
 */
export async function renewPlans(transaction: Database): Promise<void> {
	await sql`analyze device, device_assignment`.execute(transaction);
}

/** How far an import is, seen by everybody before it is done. */
export async function setRowsDone(
	database: Database,
	importNo: number,
	rowsDone: number,
): Promise<void> {
	await database
		.updateTable('device_import')
		.set({ rows_done: rowsDone, failure: null })
		.where('import_no', '=', importNo)
		.execute();
}

export async function setFailure(
	database: Database,
	importNo: number,
	failure: string,
): Promise<void> {
	await database
		.updateTable('device_import')
		.set({ rows_done: 0, failure })
		.where('import_no', '=', importNo)
		.execute();
}

/** Notes that an import is done; its rows are kept only where there is something to say of them. */
export async function setApplied(transaction: Database, importNo: number): Promise<void> {
	await sql`delete from device_import_row where import_no = ${importNo} and warning is null`.execute(
		transaction,
	);
	await sql`update device_import set applied_at = clock_timestamp() where import_no = ${importNo}`.execute(
		transaction,
	);
}

/** Marks the keys of an import as handed out. @returns false when they were before, or the import was not applied */
export async function markKeysIssued(
	transaction: Database,
	organizationNo: number,
	importNo: number,
): Promise<boolean> {
	const marked = await sql`update device_import set keys_issued_at = clock_timestamp()
		where organization_no = ${organizationNo} and import_no = ${importNo} and applied_at is not null
			and keys_issued_at is null
		returning import_no`.execute(transaction);
	return marked.rows.length > 0;
}

/** Devices of an import that have no key yet. */
export async function readKeylessDevices(
	transaction: Database,
	importNo: number,
): Promise<{ device_no: number; device_id: string }[]> {
	const { rows } = await sql<{ device_no: number; device_id: string }>`
		select device_no, device_id from device
		where import_no = ${importNo} and key_hash is null and retired_at is null
		order by device_no for update`.execute(transaction);
	return rows;
}

export async function setKeyHashes(
	transaction: Database,
	deviceNos: readonly number[],
	keyHashes: readonly Buffer[],
): Promise<void> {
	await sql`
		update device d set key_hash = input.key_hash
		from unnest(${deviceNos}::integer[], ${keyHashes}::bytea[]) as input (device_no, key_hash)
		where d.device_no = input.device_no`.execute(transaction);
}

import type pg from 'pg';
import { fieldGroups, type SensorValue } from '#contract/device-reading.ts';
import type { DeviceFamily } from '#contract/family.ts';
import { readInPortions } from '#platform/database/portions.ts';
import { newBoot } from '../chain/discard-repeats.ts';
import { fields } from '../fields.ts';
import {
	blankSnapshot,
	type ReactionMemory,
	type Registration,
	type Snapshot,
} from '../snapshot.ts';

type StateRow = Readonly<Record<string, number | boolean | string | null>> & {
	readonly sensors: Record<string, SensorValue> | null;
	readonly boots: readonly (readonly [string, number])[] | null;
	readonly memory: Record<string, ReactionMemory> | null;
};

const instantColumns = ['last_heard_at', 'newest_at', ...fieldGroups.map((group) => `${group}_at`)];

const stateSql = `select device_no, revision, clock_wrong, sensors, boots, memory,
	${fields.map(({ name }) => name).join(', ')},
	${instantColumns.map((column) => `(extract(epoch from ${column}) * 1000)::float8 as ${column}`).join(', ')}
	from device_state`;

/**
 * Reads the snapshots of registered devices; one that never spoke gets a blank one, one that is not registered (any
 * more) none.
 */
export async function readSnapshots(
	client: pg.ClientBase,
	deviceNos: readonly number[],
): Promise<Map<number, Snapshot>> {
	const registered = await client.query<{
		device_no: number;
		organization_no: number;
		dealer_no: number | null;
		customer_no: number | null;
		vehicle_no: number | null;
		family: DeviceFamily;
	}>(
		`select device_no, organization_no, dealer_no, customer_no, vehicle_no, family from v_device
		where device_no = any($1) and retired_at is null`,
		[deviceNos],
	);
	const states = await client.query<StateRow>(`${stateSql} where device_no = any($1)`, [deviceNos]);
	const stateOf = new Map(states.rows.map((row) => [row.device_no, row]));
	return new Map(
		registered.rows.map((row) => {
			const registration: Registration = {
				deviceNo: row.device_no,
				organizationNo: row.organization_no,
				dealerNo: row.dealer_no,
				customerNo: row.customer_no,
				vehicleNo: row.vehicle_no,
				family: row.family,
			};
			const state = stateOf.get(row.device_no);
			return [
				row.device_no,
				state === undefined ? blankSnapshot(registration) : snapshotOf(registration, state),
			];
		}),
	);
}

/** Walks all snapshots in one consistent read, in portions. */
export async function* readAllSnapshots(client: pg.ClientBase): AsyncGenerator<Snapshot[]> {
	const devices = readInPortions<{ device_no: number }>(
		client,
		'select device_no from v_device where retired_at is null',
		5_000,
	);
	for await (const rows of devices) {
		const deviceNos = rows.map((row) => row.device_no);
		yield [...(await readSnapshots(client, deviceNos)).values()];
	}
}

function snapshotOf(registration: Registration, row: StateRow): Snapshot {
	const snapshot = blankSnapshot(registration);
	snapshot.revision = Number(row.revision);
	snapshot.clockWrong = row.clock_wrong === true;
	snapshot.lastHeardAtMs = instant(row.last_heard_at);
	snapshot.newestAtMs = instant(row.newest_at);
	fieldGroups.forEach((group, place) => {
		snapshot.groupAtMs[place] = instant(row[`${group}_at`]);
	});
	for (const { name, place } of fields) snapshot.values[place] = row[name] ?? null;
	snapshot.sensors = row.sensors;
	snapshot.boots = (row.boots ?? []).map(([name, sequence]) => newBoot(name, sequence));
	snapshot.memory = row.memory ?? {};
	return snapshot;
}

function instant(value: number | boolean | string | null | undefined): number {
	return typeof value === 'number' ? Math.round(value) : Number.NEGATIVE_INFINITY;
}

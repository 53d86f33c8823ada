import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/harness/database.ts';
import { telemetry } from './message.ts';
import type { Reaction } from './reaction.ts';
import { replay } from './replay.ts';
import { Road } from './road.ts';
import { parkedBytesPerDevice, parkedPerDevice } from './store/parked.ts';

let db: TestDatabase;
let road: Road;
let organizationNo: number;
let deviceCount = 0;
const dropped: string[] = [];
/** Devices whose readings with the sensor `faulty` a reaction cannot take at present. */
const broken = new Set<number>();
const breakable: Reaction = {
	name: 'breakable',
	react(reading) {
		if (broken.has(reading.message.deviceNo) && reading.wire.faulty === true)
			throw new Error('out of order');
		return { memory: undefined, facts: [] };
	},
};

beforeAll(async () => {
	db = await createTestDatabase();
	const { organization_no } = await db.database
		.insertInto('organization')
		.values({ name: 'Harbour', time_zone: 'UTC', country: 'IN', locale: 'en-IN' })
		.returning('organization_no')
		.executeTakeFirstOrThrow();
	organizationNo = organization_no;
	road = new Road({
		databaseUrl: db.url,
		pool: db.pool,
		retentionDays: 400,
		packAfterDays: 8,
		reactions: [breakable],
		resultReactions: [],
		clock: Date.now,
		log: createLog('silent'),
		counters: {
			dropped: (reason) => dropped.push(reason),
			impossibleValue: () => {},
			parked: () => {},
			late: () => {},
		},
		onCommitted: () => {},
		onChanged: () => {},
		onDatabase: () => {},
	});
	await road.start();
});
beforeEach(() => {
	dropped.length = 0;
});
afterAll(async () => {
	await road.stop();
	await db.drop();
});

async function register(): Promise<number> {
	deviceCount++;
	const { device_no } = await db.database
		.insertInto('device')
		.values({
			device_id: `EV-${deviceCount}`,
			organization_no: organizationNo,
			family: 'ev',
		})
		.returning('device_no')
		.executeTakeFirstOrThrow();
	return device_no;
}

interface Said {
	readonly body: Buffer;
	readonly receivedAtMs: number;
}

/** Sends messages in their order. Resolves when all are acknowledged. */
async function say(deviceNo: number, messages: readonly Said[]): Promise<void> {
	await Promise.all(
		messages.map(({ body, receivedAtMs }) => {
			const { promise, resolve } = Promise.withResolvers<void>();
			road.bus.offer({
				deviceNo,
				content: telemetry,
				topic: 'telemetry',
				body,
				receivedAtMs,
				isAbandoned: () => false,
				acknowledge: resolve,
			});
			return promise;
		}),
	);
}

function parkedOf(deviceNo: number) {
	return db.database
		.selectFrom('parked_message')
		.selectAll()
		.where('device_no', '=', deviceNo)
		.orderBy('parked_no')
		.execute();
}

type ParkedRow = Awaited<ReturnType<typeof parkedOf>>[number];

function replayRow(row: ParkedRow): Promise<void> | null {
	return replay(road.bus, {
		parkedNo: row.parked_no,
		deviceNo: row.device_no,
		topic: row.topic,
		commandId: row.command_id,
		body: row.body,
		receivedAtMs: row.received_at.getTime(),
	});
}

async function replayAll(deviceNo: number): Promise<void> {
	await Promise.all((await parkedOf(deviceNo)).map(replayRow));
}

/** Everything that is stored of a device, but for what only counts commits or is told by reactions. */
async function storedOf(deviceNo: number) {
	const readings = await db.database
		.selectFrom('readings')
		.selectAll()
		.where('device_no', '=', deviceNo)
		.orderBy('at')
		.orderBy('ident')
		.execute();
	const state = await db.database
		.selectFrom('device_state')
		.selectAll()
		.where('device_no', '=', deviceNo)
		.executeTakeFirst();
	return {
		readings: readings.map(({ device_no: _, ...reading }) => reading),
		state: state && {
			...state,
			device_no: 0,
			revision: 0,
			boots: new Map(state.boots as [string, number][] | null),
		},
	};
}

const startMs = Date.now() - 86_400_000;
const stepMs = 10_000;

const values = fc.record(
	{
		lat: fc.integer({ min: -90, max: 90 }),
		lon: fc.integer({ min: -180, max: 180 }),
		soc_pct: fc.integer({ min: 0, max: 100 }),
		battery_v: fc.integer({ min: 0, max: 60 }),
		speed_kmh: fc.integer({ min: 0, max: 120 }),
		ignition: fc.boolean(),
		gear: fc.constantFrom('D', 'N', 'R'),
		hatch: fc.boolean(),
	},
	{ requiredKeys: [] },
);
const saying = fc.record({
	readings: fc.array(fc.record({ values, counted: fc.boolean() }), { minLength: 1, maxLength: 3 }),
	time: fc.constantFrom('device', 'none', 'wrong'),
	/** How long the device kept it. */
	delaySteps: fc.nat({ max: 3 }),
	boot: fc.constantFrom('a', 'b'),
	isFaulty: fc.boolean(),
	isRepeated: fc.boolean(),
	isGarbage: fc.nat({ max: 9 }).map((chance) => chance === 0),
});
type Saying = typeof saying extends fc.Arbitrary<infer Value> ? Value : never;

/** What a device says, in the order of its times unless some of it is delayed. */
function streamOf(sayings: readonly Saying[], isDelayed: boolean): Said[] {
	let sequence = 0;
	return sayings.flatMap((saying, index) => {
		const { readings, time, boot, isFaulty, isRepeated, isGarbage } = saying;
		const receivedAtMs = startMs + index * stepMs;
		const spokenAtMs = receivedAtMs - 1_000 - (isDelayed ? saying.delaySteps * stepMs : 0);
		const wire = readings.map(({ values, counted }, place) => ({
			...values,
			place: sequence,
			...(isFaulty && { faulty: true }),
			...(counted && { boot, seq: sequence++ }),
			...(time === 'device' && {
				at: new Date(spokenAtMs + place * 100).toISOString(),
			}),
			...(time === 'wrong' && { at: '1970-01-01T00:00:00Z' }),
		}));
		const body = Buffer.from(isGarbage ? `{${index}` : JSON.stringify(wire));
		const said = { body, receivedAtMs };
		return isRepeated ? [said, { body, receivedAtMs: receivedAtMs + stepMs / 2 }] : [said];
	});
}

const sayings = fc.array(saying, { minLength: 1, maxLength: 12 });

test('what was parked by a fault and is replayed is stored as if it had come well', async () => {
	await fc.assert(
		fc.asyncProperty(sayings, async (sayings) => {
			const stream = streamOf(sayings, false);
			const [well, faulty] = [await register(), await register()];
			broken.add(faulty);
			await Promise.all([say(well, stream), say(faulty, stream)]);
			broken.delete(faulty);
			await replayAll(faulty);
			const expected = await storedOf(well);
			expect(await storedOf(faulty)).toEqual(expected);

			// What cannot be read at all stays, and says how often it was tried.
			const garbage = (await parkedOf(faulty)).map(({ body, reason, replays }) => ({
				body: body.toString(),
				reason,
				replays,
			}));
			expect(garbage).toEqual(
				(await parkedOf(well)).map(({ body }) => ({
					body: body.toString(),
					reason: 'not_json',
					replays: 1,
				})),
			);
		}),
		{ numRuns: 60 },
	);
}, 120_000);

test('however late a device says things, a replay stores each of them once', async () => {
	await fc.assert(
		fc.asyncProperty(sayings, async (sayings) => {
			const stream = streamOf(sayings, true);
			const [well, faulty] = [await register(), await register()];
			broken.add(faulty);
			await Promise.all([say(well, stream), say(faulty, stream)]);
			const parked = await parkedOf(faulty);
			broken.delete(faulty);
			await replayAll(faulty);
			const { readings, state } = await storedOf(faulty);
			const expected = await storedOf(well);
			expect(readings).toEqual(expected.readings);
			expect(state?.newest_at).toEqual(expected.state?.newest_at);

			// Twice changes nothing, as where a server ends after the commit and is asked again.
			await Promise.all(parked.map((row) => replayRow(row)));
			expect((await storedOf(faulty)).readings).toEqual(readings);
		}),
		{ numRuns: 40 },
	);
}, 120_000);

test('an answer to a command is replayed as one', async () => {
	const deviceNo = await register();
	const { promise, resolve } = Promise.withResolvers<void>();
	road.bus.offer({
		deviceNo,
		content: { kind: 'command_result', commandId: 'c-1' },
		topic: 'results',
		body: Buffer.from('{'),
		receivedAtMs: startMs,
		isAbandoned: () => false,
		acknowledge: resolve,
	});
	await promise;
	expect(await parkedOf(deviceNo)).toMatchObject([{ command_id: 'c-1' }]);
	const repaired = `update parked_message set body = '{"status":"DONE"}' where device_no = $1`;
	await db.pool.query(repaired, [deviceNo]);
	await replayAll(deviceNo);
	expect(await parkedOf(deviceNo)).toEqual([]);
	expect(dropped).toEqual(['unknown_command']);
	expect((await storedOf(deviceNo)).readings).toEqual([]);
});

test('a replay that fails again keeps the message, with the new reason', async () => {
	const deviceNo = await register();
	broken.add(deviceNo);
	await say(deviceNo, [{ body: Buffer.from('{"faulty":true}'), receivedAtMs: startMs }]);
	const [before] = await parkedOf(deviceNo);
	await db.pool.query(`update parked_message set detail = 'of old' where device_no = $1`, [
		deviceNo,
	]);
	await replayAll(deviceNo);
	const after = await parkedOf(deviceNo);
	expect(after).toMatchObject([
		{ parked_no: before?.parked_no, reason: 'failed', detail: 'out of order', replays: 1 },
	]);
	broken.delete(deviceNo);
	await replayAll(deviceNo);
	expect(await parkedOf(deviceNo)).toEqual([]);
	expect((await storedOf(deviceNo)).readings).toHaveLength(1);
});

test('a message of a device that is retired stays parked', async () => {
	const deviceNo = await register();
	await say(deviceNo, [{ body: Buffer.from('{'), receivedAtMs: startMs }]);
	await db.pool.query('update device set retired_at = now() where device_no = $1', [deviceNo]);
	await road.bus.change(deviceNo);
	await replayAll(deviceNo);
	expect(await parkedOf(deviceNo)).toMatchObject([{ replays: 0 }]);
});

test('a device keeps so many parked messages and so many bytes, and what goes is counted', async () => {
	const [many, large] = [await register(), await register()];
	const said = (length: number, size: number) =>
		Array.from({ length }, (_, index) => ({
			body: Buffer.alloc(size, 0x7b),
			receivedAtMs: startMs + index,
		}));
	await say(many, said(parkedPerDevice + 5, 10));
	expect(await parkedOf(many)).toHaveLength(parkedPerDevice);
	expect(dropped.filter((reason) => reason === 'parked_crowded_out')).toHaveLength(5);

	const size = 1024 * 1024;
	await say(large, said(6, size));
	const kept = await parkedOf(large);
	expect(kept).toHaveLength(parkedBytesPerDevice / size);
	expect(kept.at(-1)?.received_at).toEqual(new Date(startMs + 5));
	expect(dropped.filter((reason) => reason === 'parked_crowded_out')).toHaveLength(7);
});

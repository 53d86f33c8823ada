import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/harness/database.ts';
import { until } from '../../tests/harness/until.ts';
import { hashDeviceKey } from './edge/device-directory.ts';
import { DeviceEdges } from './edge/edges.ts';
import { unobserved } from './edge/observer.ts';
import type { Reaction } from './reaction.ts';
import { Road, type RoadOptions } from './road.ts';
import type { Snapshot } from './snapshot.ts';

/** A road with its MQTT edge over a database of its own. */
class RoadUnderTest {
	readonly db: TestDatabase;
	readonly options: RoadOptions;
	readonly road: Road;
	readonly edges: DeviceEdges;
	readonly committed: Snapshot[] = [];
	readonly dropped: string[] = [];
	isDatabaseUp = true;
	port = 0;
	readonly #clients: mqtt.MqttClient[] = [];

	constructor(db: TestDatabase, reactions: readonly Reaction[]) {
		this.db = db;
		const log = createLog('silent');
		const dropped = (reason: string) => this.dropped.push(reason);
		this.options = {
			databaseUrl: db.url,
			pool: db.pool,
			retentionDays: 400,
			packAfterDays: 8,
			reactions,
			resultReactions: [],
			clock: Date.now,
			log,
			counters: { dropped, impossibleValue: dropped, parked: dropped, late: () => dropped('late') },
			onCommitted: (snapshots) => this.committed.push(...snapshots),
			onChanged: () => {},
			onDatabase: () => {},
		};
		this.road = new Road(this.options);
		this.edges = new DeviceEdges({
			bus: this.road.bus,
			pool: db.pool,
			limits: {
				messagesPerSecond: 1_000,
				messageMaxBytes: 1024 * 1024,
				connectionsPerAddress: 1_000,
			},
			observer: unobserved,
			clock: Date.now,
			log,
			isDatabaseUp: () => this.isDatabaseUp,
			onListening: () => {},
			onArrived: () => {},
			counters: { received: () => {}, dropped, refused: dropped },
		});
	}

	async start(): Promise<void> {
		await this.road.start();
		({ mqttPort: this.port } = await this.edges.listen({
			host: '127.0.0.1',
			mqttPort: 0,
			osmandPort: 0,
			tls: null,
		}));
	}

	async stop(): Promise<void> {
		for (const client of this.#clients) await client.endAsync(true);
		await this.edges.close();
		await this.road.stop();
		await this.db.drop();
	}

	async register(...deviceIds: string[]): Promise<number[]> {
		const { organization_no } = await this.db.database
			.insertInto('organization')
			.values({ name: 'Harbour', time_zone: 'UTC', country: 'IN', locale: 'en-IN' })
			.returning('organization_no')
			.executeTakeFirstOrThrow();
		const rows = await this.db.database
			.insertInto('device')
			.values(
				deviceIds.map((device_id) => ({
					device_id,
					organization_no,
					family: 'ev',
					key_hash: hashDeviceKey(`key of ${device_id}`),
				})),
			)
			.returning('device_no')
			.execute();
		return rows.map((row) => row.device_no);
	}

	connect(deviceId: string, options: mqtt.IClientOptions = {}): Promise<mqtt.MqttClient> {
		const client = mqtt.connect(`mqtt://127.0.0.1:${this.port}`, {
			username: deviceId,
			password: `key of ${deviceId}`,
			reconnectPeriod: 0,
			...options,
		});
		this.#clients.push(client);
		client.on('error', () => {});
		return new Promise((resolve, reject) => {
			client.once('connect', () => resolve(client));
			client.once('error', reject);
		});
	}

	readings() {
		return this.db.database.selectFrom('readings').selectAll().orderBy('at').execute();
	}
}

let under: RoadUnderTest;
const reactions: Reaction[] = [];
beforeEach(async () => {
	reactions.length = 0;
	under = new RoadUnderTest(await createTestDatabase(), reactions);
	await under.start();
});
afterEach(() => under.stop());

const topic = (deviceId: string) => `qd/v1/${deviceId}/telemetry`;

describe('acknowledgement', () => {
	test('comes after the reading and the state are stored', async () => {
		const [deviceNo] = await under.register('EV-1');
		const client = await under.connect('EV-1');
		const at = new Date(Date.now() - 2_000).toISOString();
		await client.publishAsync(
			topic('EV-1'),
			JSON.stringify({
				boot: 'a',
				seq: 1,
				at,
				lat: 33.98,
				lon: -6.72,
				speed_kmh: 31.5,
				soc_pct: 87.54,
				odometer_km: 123_456.7,
				ignition: true,
				charging: 0,
				signal: 21,
				firmware: '4.2.1',
				gear: 'D',
			}),
			{ qos: 1 },
		);
		const [reading, ...others] = await under.readings();
		expect(others).toEqual([]);
		expect(reading).toMatchObject({
			device_no: deviceNo,
			at: new Date(at),
			lat: 33.98,
			lon: -6.72,
			speed_kmh: 31.5,
			soc_pct: 87.54,
			odometer_km: 123_456.7,
			ignition: true,
			charging: false,
			signal: 21,
			firmware: '4.2.1',
			sensors: { gear: 'D' },
			range_km: null,
		});
		const [state] = await under.db.database.selectFrom('device_state').selectAll().execute();
		expect(state).toMatchObject({
			device_no: deviceNo,
			revision: 1,
			newest_at: new Date(at),
			power_at: new Date(at),
			engine_at: null,
			soc_pct: 87.54,
			boots: [['a', 1]],
			memory: null,
		});
		expect(under.committed).toHaveLength(1);
	});

	test('a message that comes again, also after a restart of the road, is stored once', async () => {
		await under.register('EV-1');
		const body = JSON.stringify({ boot: 'a', seq: 1, at: new Date().toISOString(), soc_pct: 5 });
		const client = await under.connect('EV-1');
		await client.publishAsync(topic('EV-1'), body, { qos: 1 });
		await client.publishAsync(topic('EV-1'), body, { qos: 1 });
		const second = new RoadUnderTest(under.db, []);
		await second.start();
		const again = await second.connect('EV-1');
		await again.publishAsync(topic('EV-1'), body, { qos: 1 });
		await again.publishAsync(topic('EV-1'), `[${body},${body}]`, { qos: 1 });
		await again.endAsync(true);
		await second.edges.close();
		await second.road.stop();
		expect(await under.readings()).toHaveLength(1);
		expect(second.dropped).toEqual(['repeat', 'repeat', 'repeat']);
	});

	test('quality 0 and quality 2 are stored, too', async () => {
		await under.register('EV-1');
		const client = await under.connect('EV-1');
		for (const [seq, qos] of [
			[1, 0],
			[2, 2],
		] as const)
			await client.publishAsync(topic('EV-1'), JSON.stringify({ seq, soc_pct: 5 }), { qos });
		await until(async () => expect(await under.readings()).toHaveLength(2));
	});

	test('a last will is a message like any other', async () => {
		await under.register('EV-1');
		const client = await under.connect('EV-1', {
			will: { topic: topic('EV-1'), payload: Buffer.from('{"gone":true}'), qos: 1, retain: false },
		});
		client.stream.destroy();
		await until(async () =>
			expect(await under.readings()).toMatchObject([{ sensors: { gone: true } }]),
		);
	});

	test('late data from a day without a partition make one', async () => {
		await under.register('EV-1');
		const client = await under.connect('EV-1');
		const at = new Date(Date.now() - 200 * 86_400_000).toISOString();
		await client.publishAsync(topic('EV-1'), JSON.stringify({ at, soc_pct: 5 }), { qos: 1 });
		expect(await under.readings()).toMatchObject([{ at: new Date(at) }]);
	});
});

describe('days', () => {
	test('are made ahead; those beyond the retention go, with the readings in them', async () => {
		await under.register('EV-1');
		const client = await under.connect('EV-1');
		// One instant for all of it, so that no day begins in between.
		const nowMs = Date.now();
		const send = (daysAgo: number) =>
			client.publishAsync(
				topic('EV-1'),
				JSON.stringify({
					at: new Date(nowMs - daysAgo * 86_400_000).toISOString(),
					soc_pct: 5,
				}),
				{ qos: 1 },
			);
		for (const daysAgo of [0, 10, 398, 399]) await send(daysAgo);
		const brief = new Road({ ...under.options, clock: () => nowMs, retentionDays: 30 });
		await brief.maintain();
		expect(await under.readings(), 'the oldest day alone').toHaveLength(3);
		await brief.maintain();
		await brief.maintain();
		expect(await under.readings()).toHaveLength(2);
		const { rows } = await under.db.pool.query<{ name: string }>(
			`select inhrelid::regclass::text as name from pg_inherits
			where inhparent = 'readings'::regclass order by name`,
		);
		const today = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '_');
		expect(rows.filter(({ name }) => name > `readings_${today}`)).toHaveLength(3);
		// The road whose days went finds out and makes them anew.
		const again = { at: new Date(nowMs - 398.9 * 86_400_000).toISOString(), soc_pct: 6 };
		await client.publishAsync(topic('EV-1'), JSON.stringify(again), { qos: 1 });
		expect(await under.readings()).toHaveLength(3);
		expect(under.dropped).not.toContain('failed');
		await brief.stop();
	});
});

describe('packing', () => {
	test('what was packed is recognised when it is sent again, and what comes late joins it', async () => {
		await under.register('EV-1');
		const client = await under.connect('EV-1');
		const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
		const at = daysAgo(10);
		const send = (reading: object) =>
			client.publishAsync(topic('EV-1'), JSON.stringify(reading), { qos: 1 });
		await send({ boot: 'a', seq: 2, at, soc_pct: 5 });
		await send({ at, soc_pct: 6 });
		await send({ at: daysAgo(0), soc_pct: 7 });
		await under.road.pack();
		expect(await under.readings()).toHaveLength(1);

		await send({ boot: 'a', seq: 2, at, soc_pct: 5 });
		await send({ at, soc_pct: 6 });
		expect(await under.readings()).toHaveLength(1);
		expect(under.dropped.filter((reason) => reason === 'repeat')).toHaveLength(2);

		await send({ boot: 'a', seq: 1, at: daysAgo(10.001), soc_pct: 4 });
		await under.road.pack();
		const { rows } = await under.db.pool.query<{ soc_pct: number }>(
			'select r.soc_pct from device d, readings_between(d.device_no, $1, now()) r order by r.at, r.soc_pct',
			[daysAgo(11)],
		);
		expect(rows.map((row) => row.soc_pct)).toEqual([4, 5, 6, 7]);
	});
});

describe('poison', () => {
	test('a message whose step throws is parked with its bytes; its neighbours are stored', async () => {
		reactions.push({
			name: 'fragile',
			react(reading) {
				if (reading.values.includes(66)) throw new Error('cannot bear 66');
				return { memory: undefined, facts: [] };
			},
		});
		const [first] = await under.register('EV-1', 'EV-2');
		const clients = await Promise.all([under.connect('EV-1'), under.connect('EV-2')]);
		await Promise.all(
			clients.flatMap((client, index) =>
				[65, 66, 67].map((soc_pct, place) =>
					client.publishAsync(
						topic(`EV-${index + 1}`),
						JSON.stringify({ boot: 'a', seq: place, soc_pct: index === 0 ? soc_pct : 40 }),
						{ qos: 1 },
					),
				),
			),
		);
		expect(await under.readings()).toHaveLength(5);
		const parked = await under.db.database.selectFrom('parked_message').selectAll().execute();
		expect(parked).toMatchObject([
			{ device_no: first, reason: 'failed', detail: 'cannot bear 66', topic: topic('EV-1') },
		]);
		expect(JSON.parse(String(parked[0]?.body))).toMatchObject({ soc_pct: 66 });
	});

	test('a value that the database refuses parks its message alone', async () => {
		reactions.push({
			name: 'refused',
			react: (reading) => ({
				memory: undefined,
				facts: reading.values.includes(66)
					? [{ kind: 'broken\0', atMs: reading.atMs, details: {} }]
					: [{ kind: 'whole', atMs: reading.atMs, details: {} }],
			}),
		});
		await under.register('EV-1');
		const client = await under.connect('EV-1');
		await Promise.all(
			[65, 66, 67].map((soc_pct, seq) =>
				client.publishAsync(topic('EV-1'), JSON.stringify({ seq, soc_pct }), { qos: 1 }),
			),
		);
		expect(await under.readings()).toHaveLength(2);
		expect(await under.db.database.selectFrom('fact').select('kind').execute()).toEqual([
			{ kind: 'whole' },
			{ kind: 'whole' },
		]);
		expect(await under.db.database.selectFrom('parked_message').selectAll().execute()).toHaveLength(
			1,
		);
	});

	test('a message that the database refuses for whatever lasting reason is parked, and its lane goes on', async () => {
		const [guilty] = await under.register('EV-1', 'EV-2');
		await under.db.pool.query(
			`create function refuse_66() returns trigger language plpgsql as $$
				begin
					if new.soc_pct = 66 then raise exception 'no such column' using errcode = '42703'; end if;
					return new;
				end $$;
			create trigger refuse before insert on readings for each row execute function refuse_66()`,
		);
		const clients = await Promise.all([under.connect('EV-1'), under.connect('EV-2')]);
		await Promise.all(
			clients.flatMap((client, index) =>
				[65, 66, 67].map((soc_pct, seq) =>
					client.publishAsync(
						topic(`EV-${index + 1}`),
						JSON.stringify({ boot: 'a', seq, soc_pct: index === 0 ? soc_pct : 40 }),
						{ qos: 1 },
					),
				),
			),
		);
		expect(await under.readings()).toHaveLength(5);
		const { rows } = await under.db.pool.query('select device_no, detail from parked_message');
		expect(rows).toEqual([{ device_no: guilty, detail: 'no such column' }]);
	});

	test.each([
		['readings', 'soc_pct'],
		['fact', 'kind'],
	])(
		'while the database takes nothing into %s, no message is at fault: all wait',
		async (table, column) => {
			reactions.push({
				name: 'always',
				react: ({ atMs }) => ({ memory: undefined, facts: [{ kind: 'whole', atMs, details: {} }] }),
			});
			await under.register('EV-1');
			const client = await under.connect('EV-1');
			await under.db.pool.query(`alter table ${table} rename column ${column} to away`);
			const failures = vi.spyOn(under.options.log, 'error');
			const acknowledged = [1, 2, 3].map((seq) =>
				client.publishAsync(topic('EV-1'), JSON.stringify({ boot: 'a', seq, soc_pct: 40 }), {
					qos: 1,
				}),
			);
			await until(() => expect(failures.mock.calls.length).toBeGreaterThan(6));
			await under.db.pool.query(`alter table ${table} rename column away to ${column}`);
			await Promise.all(acknowledged);
			expect(await under.readings()).toHaveLength(3);
			const { rows } = await under.db.pool.query('select from parked_message');
			expect(rows).toEqual([]);
		},
	);

	test('what cannot be read is parked and acknowledged', async () => {
		await under.register('EV-1');
		const client = await under.connect('EV-1');
		await client.publishAsync(topic('EV-1'), Buffer.from([0xff, 0x00]), { qos: 1 });
		const parked = await under.db.database.selectFrom('parked_message').selectAll().execute();
		expect(parked).toMatchObject([{ reason: 'not_json', body: Buffer.from([0xff, 0x00]) }]);
	});

	test('keeps a bounded number of parked messages per device', async () => {
		await under.register('EV-1');
		const client = await under.connect('EV-1');
		await Promise.all(
			Array.from({ length: 130 }, (_, index) =>
				client.publishAsync(topic('EV-1'), `{${index}`, { qos: 1 }),
			),
		);
		const { count } = await under.db.database
			.selectFrom('parked_message')
			.select((eb) => eb.fn.countAll<number>().as('count'))
			.executeTakeFirstOrThrow();
		expect(count).toBe(100);
	});
});

describe('who may', () => {
	test.each([
		['a wrong key', 'EV-1', { password: 'wrong' }, 4],
		['no key', 'EV-1', { password: undefined }, 4],
		['an unknown device', 'EV-9', {}, 4],
		['an id that is none', 'EV/1', {}, 4],
	])('%s is refused at CONNECT', async (_, deviceId, options, code) => {
		await under.register('EV-1');
		await expect(under.connect(deviceId, options)).rejects.toMatchObject({ code });
	});

	test('without a database CONNECT answers "server unavailable"', async () => {
		await under.register('EV-1');
		under.isDatabaseUp = false;
		await expect(under.connect('EV-1')).rejects.toMatchObject({ code: 3 });
	});

	test('a device that publishes on a foreign topic is disconnected and nothing is stored', async () => {
		await under.register('EV-1', 'EV-2');
		const client = await under.connect('EV-1');
		const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
		client.publish(topic('EV-2'), '{"soc_pct":1}', { qos: 1 });
		await closed;
		expect(await under.readings()).toEqual([]);
		expect(under.dropped).toEqual(['foreign_topic']);
	});

	test('a device subscribes to its own commands and to nothing else', async () => {
		await under.register('EV-1');
		const client = await under.connect('EV-1');
		const refused = async (filter: string) => {
			const granted = await client.subscribeAsync(filter, { qos: 1 }).catch(() => 'refused');
			return granted === 'refused' || JSON.stringify(granted).includes('128');
		};
		expect(await refused('qd/v1/EV-1/command')).toBe(false);
		for (const filter of ['#', 'qd/v1/+/command', 'qd/v1/EV-2/command', 'qd/v1/EV-1/telemetry'])
			expect(await refused(filter), filter).toBe(true);
	});

	test('two devices with the same client id do not disconnect each other', async () => {
		await under.register('EV-1', 'EV-2');
		const first = await under.connect('EV-1', { clientId: 'same' });
		const second = await under.connect('EV-2', { clientId: 'same' });
		await first.publishAsync(topic('EV-1'), '{"soc_pct":1}', { qos: 1 });
		await second.publishAsync(topic('EV-2'), '{"soc_pct":2}', { qos: 1 });
		expect(await under.readings()).toHaveLength(2);
	});
});

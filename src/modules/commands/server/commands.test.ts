import { once } from 'node:events';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import { commandMessageSchema } from '#contract/device-command.ts';
import { commandResultTopic, commandTopic } from '#contract/device-topics.ts';
import { liveMessageSchema, livePath } from '#contract/live.ts';
import type { Role } from '#contract/roles.ts';
import { DeviceEdges } from '#ingest/edge/edges.ts';
import { unobserved } from '#ingest/edge/observer.ts';
import { Road } from '#ingest/road.ts';
import { LiveHub } from '#live/hub.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { assignDevice, registerDevices } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createLog } from '#platform/log.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/harness/database.ts';
import { startPortal, type TestPortal } from '../../../../tests/harness/portal.ts';
import { until } from '../../../../tests/harness/until.ts';
import {
	changeSettings,
	commandKind,
	commandsPageSchema,
	deviceCommandsTopic,
	reboot,
	showSettings,
	start,
	type TracedCommand,
	tracedCommandSchema,
} from '../contract.ts';
import { type Commands, commandReaction, createCommands, settingsReaction } from './index.ts';

/** For a standing vehicle, within seconds that a test can wait for. */
const drill = commandKind({
	...reboot,
	name: 'drill',
	label: 'Drill',
	families: ['ev'],
	admits: ['super_admin'],
	expirySeconds: 3,
	interlocks: [{ because: 'the vehicle is moving', forbids: ({ status }) => status === 'moving' }],
});

const password = 'a sentence works well';

/** A server with everything that a command passes: portal, road, MQTT edge; its clock can be put forward. */
class World {
	readonly db: TestDatabase;
	readonly dropped: string[] = [];
	readonly road: Road;
	readonly edges: DeviceEdges;
	readonly commands: Commands;
	readonly deviceNos = new Map<string, number>();
	readonly #cookies = new Map<string, string>();
	readonly #clients: mqtt.MqttClient[] = [];
	readonly #keys = new Map<string, string>();
	portal!: TestPortal;
	organizationNo = 0;
	mqttPort = 0;
	#aheadMs = 0;

	constructor(db: TestDatabase) {
		this.db = db;
		const log = createLog('silent');
		const clock = () => Date.now() + this.#aheadMs;
		const dropped = (reason: string) => this.dropped.push(reason);
		this.commands = createCommands({
			database: db.database,
			clock,
			log,
			kinds: [reboot, drill, start, changeSettings],
			outlet: {
				takesCommands: (deviceNo) => this.edges.takesCommands(deviceNo),
				sendCommand: (command) => this.edges.sendCommand(command),
			},
		});
		this.road = new Road({
			databaseUrl: db.url,
			pool: db.pool,
			retentionDays: 400,
			packAfterDays: 8,
			reactions: [settingsReaction],
			resultReactions: [commandReaction],
			clock,
			log,
			counters: { dropped, impossibleValue: dropped, parked: dropped, late: () => {} },
			onCommitted: (_, facts) => this.commands.factsCommitted(facts),
			onChanged: () => {},
			onDatabase: () => {},
		});
		this.edges = new DeviceEdges({
			bus: this.road.bus,
			pool: db.pool,
			limits: {
				messagesPerSecond: 1_000,
				messageMaxBytes: 1024 * 1024,
				connectionsPerAddress: 1_000,
			},
			observer: unobserved,
			clock,
			log,
			isDatabaseUp: () => true,
			onListening: this.commands.deviceListens,
			onArrived: this.commands.commandArrived,
			counters: { received: () => {}, dropped, refused: dropped },
		});
	}

	async start(): Promise<void> {
		await this.road.start();
		({ mqttPort: this.mqttPort } = await this.edges.listen({
			host: '127.0.0.1',
			mqttPort: 0,
			osmandPort: 0,
			tls: null,
		}));
		this.portal = await startPortal(this.db, {
			add: async ({ app }) => {
				const hub = new LiveHub({ isDatabaseUp: () => true, onFlush: () => {} });
				await hub.register(app);
				this.commands.serve(app, hub);
			},
		});
		this.organizationNo = await createOrganization(this.db.database, {
			name: 'Harbour',
			timeZone: 'UTC',
			country: 'IN',
			locale: 'en-IN',
			isDemo: false,
			hosts: [],
		});
	}

	async stop(): Promise<void> {
		for (const client of this.#clients) await client.endAsync(true);
		await this.portal.close();
		await this.edges.close();
		await this.road.stop();
		await this.db.drop();
	}

	/** Puts the server's clock forward. */
	pass(ms: number): void {
		this.#aheadMs += ms;
	}

	async register(
		deviceId: string,
		belongs: { dealerNo?: number; customerNo?: number } = {},
		family: 'ev' | 'ultra' = 'ev',
	): Promise<void> {
		const [device] = await registerDevices(this.db.database, this.organizationNo, [
			{
				deviceId,
				telematicsId: null,
				name: null,
				simNo: null,
				family,
				transport: 'gsm',
				vehicle: null,
				customerNo: belongs.customerNo ?? null,
				dealerNo: belongs.dealerNo ?? null,
			},
		]);
		if (device === undefined) throw new Error('not registered');
		this.#keys.set(deviceId, device.key);
		this.deviceNos.set(deviceId, device.deviceNo);
	}

	async member(
		role: Role,
		narrowed: { dealerNo?: number; customerNos?: number[] } = {},
	): Promise<string> {
		const email = `${role}.${this.#cookies.size}@example.org`;
		await createMember(this.db.database, {
			organizationNo: this.organizationNo,
			name: `A ${role}`,
			email,
			password,
			role,
			dealerNo: narrowed.dealerNo ?? null,
			customerNos: narrowed.customerNos ?? null,
		});
		const cookie = await this.portal.signIn(email, password);
		this.#cookies.set(email, cookie);
		return cookie;
	}

	/** A device's connection, subscribed to its commands; `heard` gathers them. */
	async connect(
		deviceId: string,
		options: mqtt.IClientOptions & { qos?: 0 | 1; silent?: boolean } = {},
	): Promise<{ client: mqtt.MqttClient; heard: string[]; ids: string[] }> {
		const { qos = 1, silent = false, ...rest } = options;
		const heard: string[] = [];
		const ids: string[] = [];
		const client = mqtt.connect(`mqtt://127.0.0.1:${this.mqttPort}`, {
			clientId: 'main',
			username: deviceId,
			password: this.#keys.get(deviceId) ?? '',
			reconnectPeriod: 0,
			...rest,
		});
		this.#clients.push(client);
		client.on('error', () => {});
		// Without the call of its end a message is not acknowledged.
		if (silent) client.handleMessage = (packet) => this.#hear(packet.payload, heard, ids);
		else client.on('message', (_, payload) => this.#hear(payload, heard, ids));
		await happened(client, 'connect');
		if (rest.clean !== false) await client.subscribeAsync(commandTopic(deviceId), { qos });
		return { client, heard, ids };
	}

	#hear(payload: string | Buffer, heard: string[], ids: string[]): void {
		const message = commandMessageSchema.parse(JSON.parse(String(payload)));
		heard.push(message.name);
		ids.push(message.commandId);
	}

	ask(cookie: string, deviceId: string, body: object = {}): Promise<Response> {
		return this.portal.send(`/api/devices/${deviceId}/commands`, {
			cookie,
			body: { name: 'reboot', confirm: 'Confirm', ...body },
		});
	}

	async asked(cookie: string, deviceId: string, name = 'reboot'): Promise<TracedCommand> {
		const answer = await this.ask(cookie, deviceId, { name });
		const body: unknown = await answer.json();
		expect([answer.status, body]).toMatchObject([200, {}]);
		return tracedCommandSchema.parse(body);
	}

	async list(cookie: string, deviceId: string, query = '') {
		const answer = await this.portal.send(`/api/devices/${deviceId}/commands${query}`, { cookie });
		expect(answer.status).toBe(200);
		return commandsPageSchema.parse(await answer.json());
	}

	async newest(cookie: string, deviceId: string): Promise<TracedCommand | undefined> {
		return (await this.list(cookie, deviceId)).commands[0];
	}
}

function happened(client: mqtt.MqttClient, event: 'connect' | 'close'): Promise<void> {
	return new Promise((resolve) => client.once(event, () => resolve()));
}

type Device = Awaited<ReturnType<World['connect']>>;

let world: World;
let admin: string;
beforeEach(async () => {
	world = new World(await createTestDatabase());
	await world.start();
	await world.register('EV-1');
	admin = await world.member('super_admin');
});
afterEach(() => world.stop());

function answer(
	{ client }: { client: mqtt.MqttClient },
	deviceId: string,
	commandId: string | undefined,
	body: object | string,
) {
	const payload = typeof body === 'string' ? body : JSON.stringify(body);
	return client.publishAsync(commandResultTopic(deviceId, commandId ?? ''), payload, { qos: 1 });
}

async function state(deviceId = 'EV-1'): Promise<string | undefined> {
	return (await world.newest(admin, deviceId))?.state;
}

async function arrived(deviceId = 'EV-1'): Promise<void> {
	await until(async () =>
		expect((await world.newest(admin, deviceId))?.arrivedAtMs).not.toBeNull(),
	);
}

/** What the audit log says of devices, not of sign-ins. */
function auditOfDevices() {
	return world.db.database
		.selectFrom('audit_entry')
		.selectAll()
		.where('subject_kind', '=', 'device')
		.execute();
}

describe('a device that is there', () => {
	test('hears a command at once, and its answers stand in the trace', async () => {
		const device = await world.connect('EV-1');
		const command = await world.asked(admin, 'EV-1');
		expect(command).toMatchObject({ state: 'sent', label: 'Reboot', requestedBy: 'A super_admin' });
		expect(command.expiresAtMs - command.requestedAtMs).toBe(60_000);
		await until(() => expect(device.ids).toEqual([command.commandId]));
		await arrived();
		await answer(device, 'EV-1', command.commandId, { status: 'ACCEPTED' });
		expect(await state()).toBe('accepted');
		await answer(device, 'EV-1', command.commandId, { status: 'DONE' });
		const done = await world.newest(admin, 'EV-1');
		expect(done).toMatchObject({ state: 'done', lateAnswer: null });
		const times = [done?.requestedAtMs, done?.sentAtMs, done?.acceptedAtMs, done?.endedAtMs];
		expect(times.map(Number)).toEqual(times.map(Number).toSorted((a, b) => a - b));
	});

	test('refuses with its reason', async () => {
		const device = await world.connect('EV-1');
		const { commandId } = await world.asked(admin, 'EV-1');
		await answer(device, 'EV-1', commandId, { status: 'REFUSED', reason: 'busy\0 with itself' });
		expect(await world.newest(admin, 'EV-1')).toMatchObject({
			state: 'refused',
			reason: 'busy with itself',
		});
	});

	test('that answers twice is stored once, and its first final answer counts', async () => {
		const device = await world.connect('EV-1');
		const { commandId } = await world.asked(admin, 'EV-1');
		await answer(device, 'EV-1', commandId, { status: 'DONE' });
		await answer(device, 'EV-1', commandId, { status: 'DONE' });
		await answer(device, 'EV-1', commandId, { status: 'FAILED' });
		expect(await state()).toBe('done');
		const facts = await world.db.database
			.selectFrom('fact')
			.selectAll()
			.orderBy('fact_no')
			.execute();
		expect(facts.map(({ kind, details }) => [kind, details])).toEqual([
			['command_answered', { commandId, name: 'reboot', status: 'DONE', reason: null }],
			['command_answered', { commandId, name: 'reboot', status: 'FAILED', reason: null }],
		]);
		expect(world.dropped).toEqual(['repeat']);
	});

	test('that says nothing lets it time out, and what it says then is late', async () => {
		const device = await world.connect('EV-1');
		const { commandId } = await world.asked(admin, 'EV-1');
		await arrived();
		world.pass(180_000);
		expect(await state()).toBe('timed_out');
		await answer(device, 'EV-1', commandId, { status: 'DONE' });
		expect(await world.newest(admin, 'EV-1')).toMatchObject({
			state: 'timed_out',
			lateAnswer: { status: 'DONE' },
		});
	});

	test('with quality 0 hears it once', async () => {
		const device = await world.connect('EV-1', { qos: 0 });
		await world.asked(admin, 'EV-1');
		await until(() => expect(device.heard).toEqual(['reboot']));
		await arrived();
	});

	test('with two connections hears it on the newer', async () => {
		const older = await world.connect('EV-1', { clientId: 'older' });
		const newer = await world.connect('EV-1', { clientId: 'newer' });
		await world.asked(admin, 'EV-1');
		await until(() => expect(newer.heard).toEqual(['reboot']));
		// What was written to it before comes before this is acknowledged.
		await older.client.publishAsync('qd/v1/EV-1/telemetry', '{"soc_pct":50}', { qos: 1 });
		expect(older.heard).toEqual([]);
	});
});

describe('a device that is not there', () => {
	test('hears it when it connects in time, once', async () => {
		expect(await world.asked(admin, 'EV-1')).toMatchObject({ state: 'waiting', sentAtMs: null });
		world.pass(30_000);
		const device = await world.connect('EV-1');
		await until(() => expect(device.heard).toEqual(['reboot']));
		await arrived();
		// Subscribing again, or coming back, does not bring again what has arrived.
		await device.client.subscribeAsync(commandTopic('EV-1'), { qos: 1 });
		await device.client.endAsync();
		const again = await world.connect('EV-1');
		await answer(again, 'EV-1', device.ids[0], { status: 'DONE' });
		const next = await world.asked(admin, 'EV-1');
		await until(() => expect(again.ids).toEqual([next.commandId]));
		expect(device.heard).toEqual(['reboot']);
	});

	test('never hears it after it has expired', async () => {
		await world.asked(admin, 'EV-1');
		world.pass(60_000);
		const device = await world.connect('EV-1');
		expect(await state()).toBe('expired');
		const next = await world.asked(admin, 'EV-1');
		await until(() => expect(device.ids).toEqual([next.commandId]));
	});

	test('never hears it late in a persistent session either', async () => {
		const session = { clean: false, clientId: 'EV-1' };
		const before = await world.connect('EV-1', session);
		await before.client.subscribeAsync(commandTopic('EV-1'), { qos: 1 });
		await before.client.endAsync();
		await world.asked(admin, 'EV-1');
		world.pass(60_000);
		const after = await world.connect('EV-1', session);
		// It did not subscribe again: the broker knows its subscription.
		const next = await world.asked(admin, 'EV-1');
		await until(() => expect(after.ids).toEqual([next.commandId]));
	});

	test('that lost the connection before it acknowledged hears it again, in time only', async () => {
		const session = { clean: false, clientId: 'EV-1' };
		const first = await world.connect('EV-1', { ...session, silent: true });
		await first.client.subscribeAsync(commandTopic('EV-1'), { qos: 1 });
		const command = await world.asked(admin, 'EV-1');
		await until(() => expect(first.heard).toEqual(['reboot']));
		first.client.stream.destroy();
		const second = await world.connect('EV-1', { ...session, silent: true });
		await until(() => expect(second.ids).toEqual([command.commandId]));
		second.client.stream.destroy();
		world.pass(180_000);
		const third = await world.connect('EV-1', session);
		expect(await state()).toBe('timed_out');
		const next = await world.asked(admin, 'EV-1');
		await until(() => expect(third.ids).toEqual([next.commandId]));
	});

	test('that stalls loses its connection, and with it what lies unread in it', async () => {
		const device = await world.connect('EV-1', { silent: true });
		const closed = happened(device.client, 'close');
		await world.asked(admin, 'EV-1', 'drill');
		await closed;
		expect(await state()).toBe('sent');
	});
});

describe('what is no answer', () => {
	test('comes from another device, and changes nothing', async () => {
		await world.register('EV-2');
		const [device, other] = [await world.connect('EV-1'), await world.connect('EV-2')];
		const { commandId } = await world.asked(admin, 'EV-1');
		await answer(other, 'EV-2', commandId, { status: 'REFUSED' });
		await answer(device, 'EV-1', 'no-such-command', { status: 'DONE' });
		expect(world.dropped).toEqual(['unknown_command', 'unknown_command']);
		expect(await state()).toBe('sent');
		expect(await world.db.database.selectFrom('fact').selectAll().execute()).toEqual([]);
		const closed = happened(other.client, 'close');
		other.client.publish(commandResultTopic('EV-1', commandId), '{"status":"DONE"}', { qos: 1 });
		await closed;
		expect(await state()).toBe('sent');
	});

	test('cannot be read, and is parked', async () => {
		const device = await world.connect('EV-1');
		const { commandId } = await world.asked(admin, 'EV-1');
		await answer(device, 'EV-1', commandId, '{"status":"MAYBE"}');
		await answer(device, 'EV-1', commandId, 'DONE');
		const parked = await world.db.database
			.selectFrom('parked_message')
			.select(['reason', 'topic'])
			.orderBy('parked_no')
			.execute();
		const topic = commandResultTopic('EV-1', commandId);
		expect(parked).toEqual([
			{ reason: 'not_a_result', topic },
			{ reason: 'not_json', topic },
		]);
	});
});

describe('asking', () => {
	test('ten at once: one is under way, nine are told so', async () => {
		const answers = await Promise.all(Array.from({ length: 10 }, () => world.ask(admin, 'EV-1')));
		const codes = await Promise.all(
			answers.map(async (each) => (each.ok ? 'ok' : JSON.parse(await each.text()).code)),
		);
		expect(codes.toSorted()).toEqual([...Array(9).fill('command_under_way'), 'ok']);
		const kept = await world.db.database.selectFrom('device_command').selectAll().execute();
		expect([kept.length, (await auditOfDevices()).length]).toEqual([1, 1]);
	});

	test.each([
		['without the typed word', { confirm: 'yes' }, 400, 'invalid_input'],
		['for something that nobody can do', { name: 'fly' }, 400, 'invalid_input'],
		['with a value that belongs to nothing', { value: 1 }, 400, 'invalid_input'],
	])('%s is refused', async (_, body, status, code) => {
		const answer = await world.ask(admin, 'EV-1', body);
		expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
		expect((await world.list(admin, 'EV-1')).total).toBe(0);
	});

	test('the typed word may be in any case', async () => {
		expect((await world.ask(admin, 'EV-1', { confirm: '  conFIRM ' })).status).toBe(200);
	});

	test('a kind keeps to its families, roles and interlocks', async () => {
		await world.register('UL-1', {}, 'ultra');
		const other = await world.ask(admin, 'UL-1', { name: 'drill' });
		expect(await other.json()).toMatchObject({ code: 'command_not_for_family' });
		const member = await world.member('admin');
		const forbidden = await world.ask(member, 'EV-1', { name: 'drill' });
		expect(await forbidden.json()).toMatchObject({ code: 'not_permitted' });
		const device = await world.connect('EV-1');
		await device.client.publishAsync(
			'qd/v1/EV-1/telemetry',
			JSON.stringify({ ignition: true, speed_kmh: 30 }),
			{ qos: 1 },
		);
		const unsafe = await world.ask(admin, 'EV-1', { name: 'drill' });
		expect([unsafe.status, await unsafe.json()]).toMatchObject([
			409,
			{ detail: 'Drill is not safe now: the vehicle is moving. Try again when that has changed.' },
		]);
	});

	describe('of an engine controller', () => {
		/** What it says, which makes it live. */
		const says = (device: Device, reading: object) =>
			device.client.publishAsync('qd/v1/UL-1/telemetry', JSON.stringify(reading), { qos: 1 });
		const write = (value: object) => world.ask(admin, 'UL-1', { name: 'settings', value });

		async function settings() {
			const answer = await world.portal.send('/api/devices/UL-1/settings', { cookie: admin });
			return showSettings.reply.parse(await answer.json()).settings;
		}

		beforeEach(() => world.register('UL-1', {}, 'ultra'));

		test('it starts only while it is known to stand', async () => {
			const because = async () =>
				z
					.object({ detail: z.string() })
					.parse(await (await world.ask(admin, 'UL-1', { name: 'start' })).json()).detail;
			expect(await because()).toContain('the device was not heard lately');
			const device = await world.connect('UL-1');
			await says(device, { battery_v: 50 });
			expect(await because()).toContain('it is not known whether the engine runs');
			await says(device, { run_state: 'running' });
			expect(await because()).toContain('the engine is starting or running');
			await says(device, { run_state: 'standby' });
			world.pass(16 * 60_000);
			// Heard again, but not of its engine.
			await says(device, { battery_v: 50 });
			expect(await because()).toContain('it is not known whether the engine runs');
			await says(device, { run_state: 'standby' });
			expect((await world.asked(admin, 'UL-1', 'start')).state).toBe('sent');
		});

		test('its settings are what it reported or what was written, whichever is newer', async () => {
			const device = await world.connect('UL-1');
			await says(device, { run_state: 'standby', low_battery_start_v: 48, tail_current_a: 900 });
			expect(await settings()).toMatchObject({
				low_battery_start_v: { value: 48, source: 'reported' },
			});
			expect(await settings()).not.toHaveProperty('tail_current_a');
			const given = tracedCommandSchema.parse(
				await (await write({ low_battery_start_v: 47.5, tail_current_a: 12 })).json(),
			);
			expect(given.value).toEqual({ low_battery_start_v: 47.5, tail_current_a: 12 });
			expect(await settings()).toMatchObject({ low_battery_start_v: { value: 48 } });
			await answer(device, 'UL-1', given.commandId, { status: 'DONE' });
			expect(await settings()).toMatchObject({
				low_battery_start_v: { value: 47.5, source: 'written' },
				tail_current_a: { value: 12, source: 'written' },
			});
			await says(device, { low_battery_start_v: 47 });
			expect(await settings()).toMatchObject({
				low_battery_start_v: { value: 47, source: 'reported' },
				tail_current_a: { value: 12, source: 'written' },
			});
			const refused = tracedCommandSchema.parse(await (await write({ tail_current_a: 8 })).json());
			await answer(device, 'UL-1', refused.commandId, { status: 'REFUSED' });
			expect(await settings()).toMatchObject({ tail_current_a: { value: 12 } });
		});

		test('its settings are refused where they are wrong, with the field', async () => {
			const device = await world.connect('UL-1');
			await says(device, { run_state: 'standby', high_battery_cutoff_v: 50 });
			for (const [value, field, message] of [
				[{ low_battery_start_v: 50 }, '.low_battery_start_v', 'has to be below'],
				[{ tail_current_a: 'much' }, '.tail_current_a', 'has to be from 0 A to 300 A'],
				[{ schedule: 'off' }, '', 'no setting "schedule"'],
				[{}, '', 'Name at least one setting'],
			] as const) {
				const refusal = await write(value);
				expect([refusal.status, await refusal.json()]).toMatchObject([
					400,
					{
						code: 'invalid_input',
						detail: expect.stringContaining(message),
						fields: [{ path: `body.value${field}` }],
					},
				]);
			}
			expect(await world.list(admin, 'UL-1')).toMatchObject({ total: 0 });
		});

		test('what waits for it is held back when its settings do not allow it any more', async () => {
			const away = await world.connect('UL-1');
			await says(away, { run_state: 'standby', high_battery_cutoff_v: 58 });
			await away.client.unsubscribeAsync(commandTopic('UL-1'));
			expect(await (await write({ low_battery_start_v: 52 })).json()).toMatchObject({
				state: 'waiting',
			});
			await says(away, { high_battery_cutoff_v: 50 });
			await away.client.subscribeAsync(commandTopic('UL-1'), { qos: 1 });
			// A device that subscribed later was seen to, and so was this one.
			const other = await world.connect('EV-1');
			await world.asked(admin, 'EV-1');
			await until(() => expect(other.heard).toEqual(['reboot']));
			expect(away.heard).toEqual([]);
			expect(await state('UL-1')).toBe('waiting');
			world.pass(60_000);
			expect(await state('UL-1')).toBe('expired');
		});
	});

	test('each role as far as it may, and nobody beyond its scope', async () => {
		const { database } = world.db;
		const [north, south] = await Promise.all(
			['North', 'South'].map((name) =>
				createDealer(database, world.organizationNo, { name, city: null }),
			),
		);
		if (north === undefined || south === undefined) throw new Error('no dealers');
		const customerNo = await createCustomer(database, world.organizationNo, {
			name: 'Asha',
			email: null,
			mobile: null,
			address: null,
			city: null,
			pinCode: null,
			dealerNo: north,
		});
		await world.register('NO-1', { dealerNo: north, customerNo });
		const dealer = await world.member('dealer', { dealerNo: north });
		const stranger = await world.member('dealer', { dealerNo: south });
		const customer = await world.member('customer', { customerNos: [customerNo] });
		const operation = await world.member('operation');

		expect((await world.ask(dealer, 'NO-1')).status).toBe(200);
		expect((await world.ask(stranger, 'NO-1')).status).toBe(404);
		expect((await world.ask(dealer, 'EV-1')).status).toBe(404);
		for (const reader of [customer, operation]) {
			expect((await world.ask(reader, 'NO-1')).status).toBe(403);
			expect((await world.list(reader, 'NO-1')).total).toBe(1);
		}
		for (const [reader, deviceId] of [
			[stranger, 'NO-1'],
			[customer, 'EV-1'],
		] as const) {
			const path = `/api/devices/${deviceId}/commands`;
			expect((await world.portal.send(path, { cookie: reader })).status).toBe(404);
		}

		// What waited for it is not handed over once it is somebody else's, who does not see it either.
		const deviceNo = world.deviceNos.get('NO-1') ?? 0;
		const moved = { vehicleNo: null, customerNo: null, dealerNo: south };
		await assignDevice(database, world.organizationNo, deviceNo, moved);
		const device = await world.connect('NO-1');
		expect((await world.list(stranger, 'NO-1')).total).toBe(0);
		for (const [reader, what] of [
			[stranger, 'Another command'],
			[admin, 'Reboot'],
		] as const) {
			const refused = await world.ask(reader, 'NO-1', { name: 'reboot' });
			expect(refused.status).toBe(409);
			expect((await refused.json()).detail).toContain(`${what} is still under way`);
		}
		world.pass(60_000);
		const next = await world.asked(stranger, 'NO-1');
		await until(() => expect(device.ids).toEqual([next.commandId]));
	});

	test('is kept in the audit log: who, as what, what, for which device, from where', async () => {
		const { commandId } = await world.asked(admin, 'EV-1');
		expect(await auditOfDevices()).toMatchObject([
			{
				organization_no: world.organizationNo,
				user_email: 'super_admin.0@example.org',
				acting_as: 'super_admin',
				action: 'command.request',
				subject_kind: 'device',
				subject_id: 'EV-1',
				before: null,
				after: { commandId, name: 'reboot', vin: null, customer: null },
				ip: '127.0.0.1',
			},
		]);
	});
});

test('the list is paged, newest first', async () => {
	for (let number = 0; number < 3; number++) {
		await world.asked(admin, 'EV-1');
		world.pass(60_000);
	}
	const second = await world.list(admin, 'EV-1', '?page=2&pageSize=2');
	const [newest, middle] = (await world.list(admin, 'EV-1', '?pageSize=2')).commands;
	expect(second).toMatchObject({ total: 3, commands: [{ state: 'expired' }] });
	const order = [newest, middle, ...second.commands].map((command) => command?.requestedAtMs ?? 0);
	expect(order).toEqual(order.toSorted((a, b) => b - a));
});

test('who watches a device sees each step, and the expiry by itself', async () => {
	await world.register('EV-2');
	const device = await world.connect('EV-1');
	const socket = new WebSocket(world.portal.url.replace('http', 'ws') + livePath, {
		headers: { cookie: admin, origin: world.portal.url },
	});
	const states: string[] = [];
	socket.on('message', (data) => {
		const live = liveMessageSchema.parse(JSON.parse(String(data)));
		if (live.type !== 'message') return;
		const [newest] = deviceCommandsTopic.message.parse(live.message).commands;
		states.push(`${live.subscription} ${newest?.state ?? 'none'}`);
	});
	await once(socket, 'open');
	for (const [subscription, deviceId] of [
		[1, 'EV-1'],
		[2, 'EV-2'],
	])
		socket.send(
			JSON.stringify({
				type: 'subscribe',
				subscription,
				topic: deviceCommandsTopic.name,
				params: { deviceId },
			}),
		);
	await until(() => expect(states.toSorted()).toEqual(['1 none', '2 none']));
	const { commandId } = await world.asked(admin, 'EV-1');
	await until(() => expect(states).toContain('1 sent'));
	await answer(device, 'EV-1', commandId, { status: 'DONE' });
	await until(() => expect(states).toContain('1 done'));
	await world.asked(admin, 'EV-2', 'drill');
	await until(() => expect(states).toContain('2 waiting'));
	await until(() => expect(states).toContain('2 expired'));
	socket.close();
});

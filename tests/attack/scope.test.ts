import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LiveMessage, liveMessageSchema } from '#contract/live.ts';
import { fleetCountsTopic, fleetRowsTopic, listFleet } from '#modules/fleet/contract.ts';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import { until } from '../harness/until.ts';
import { patienceMs, Target, type TargetOrganization } from './target.ts';

/** Devices that others of the organization have, and that a search finds first. */
const crowd = 10_050;
const sessionEnded = 4401;

let target: Target;

beforeAll(async () => {
	target = await Target.start({}, async ({ pool }, { organizationNo }) => {
		await pool.query(
			`insert into device (organization_no, device_id, family)
			select $1, 'crowd-' || place || '-harbour-1', 'ev' from generate_series(1, $2) as place`,
			[organizationNo, crowd],
		);
		// An update writes a row anew, behind all others.
		await pool.query(`update device set name = '' where device_id like 'harbour-%'`);
	});
});
afterAll(() => target.close());

const numbersOf = (devices: readonly RegisteredDevice[]) =>
	devices.map((device) => device.deviceNo).sort((one, other) => one - other);

/** Who may see what: device `n` belongs to customer `n % 4`, whose dealer is 0 or 1. */
const readers: {
	readonly who: string;
	readonly signIn: () => Promise<string>;
	readonly seen: (place: number) => boolean;
}[] = [
	{
		who: 'a dealer',
		signIn: async () => {
			const { harbour } = target;
			const narrowed = { dealerNo: harbour.dealerNos[0] ?? 0 };
			return target.signIn(await target.newMember(harbour, 'dealer', narrowed), harbour.host);
		},
		seen: (place) => place % 4 < 2,
	},
	{
		who: 'a customer with two customers',
		signIn: async () => {
			const { harbour } = target;
			const customerNos = [harbour.customerNos[0] ?? 0, harbour.customerNos[2] ?? 0];
			const email = await target.newMember(harbour, 'customer', { customerNos });
			return target.signIn(email, harbour.host);
		},
		seen: (place) => place % 2 === 0,
	},
	{
		who: 'a customer with none',
		signIn: async () => {
			const email = await target.newMember(target.harbour, 'customer', { customerNos: [] });
			return target.signIn(email, target.harbour.host);
		},
		seen: () => false,
	},
];

async function list(cookie: string, host: string, query: string) {
	const answer = await target.ask(`/api/fleet/devices?pageSize=100&${query}`, { host, cookie });
	expect(answer.status, answer.text).toBe(200);
	return listFleet.reply.parse(JSON.parse(answer.text));
}

/** A live connection and what came over it. */
async function listen(cookie: string, host: string) {
	const live = target.openLive({ cookie, host, origin: `http://${host}` });
	const messages: LiveMessage[] = [];
	live.on('message', (data) => messages.push(liveMessageSchema.parse(JSON.parse(String(data)))));
	await once(live, 'open');
	let last = 0;
	const subscribe = (topic: string, params: unknown): number => {
		const subscription = ++last;
		live.send(JSON.stringify({ type: 'subscribe', subscription, topic, params }));
		return subscription;
	};
	return {
		subscribe,
		/** What came for a subscription. */
		heard: (subscription: number): unknown[] =>
			messages.flatMap((message) =>
				message.type === 'message' && message.subscription === subscription
					? [message.message]
					: [],
			),
		/** Resolves when everything has come that was sent until now. */
		async settled(): Promise<void> {
			const question = subscribe('none', {});
			await until(
				() =>
					expect(messages).toContainEqual(
						expect.objectContaining({ type: 'refused', subscription: question }),
					),
				patienceMs,
			);
		},
		end: () => live.terminate(),
	};
}

type Listener = Awaited<ReturnType<typeof listen>>;

/** The devices of which rows came for a subscription, or of which was said that they moved. */
function devicesHeard(listener: Listener, subscription: number, socPct?: number): number[] {
	const told = listener
		.heard(subscription)
		.map((message) => fleetRowsTopic.message.parse(message))
		.flatMap(({ rows, moved }) => [
			...rows.filter((row) => socPct === undefined || row.socPct === socPct),
			...moved.map((deviceNo) => ({ deviceNo })),
		]);
	return [...new Set(told.map(({ deviceNo }) => deviceNo))].sort((one, other) => one - other);
}

/** An Admin who watches these devices, and is told of those of the organization. */
async function witnessOf(organization: TargetOrganization, deviceNos: readonly number[]) {
	const cookie = await target.signIn(
		await target.newMember(organization, 'admin'),
		organization.host,
	);
	const listener = await listen(cookie, organization.host);
	const subscription = listener.subscribe('fleet.rows', { deviceNos });
	await listener.settled();
	return {
		/** Resolves when each device was heard to say this. */
		hasHeardAll: (socPct: number) =>
			until(
				() =>
					expect(devicesHeard(listener, subscription, socPct)).toEqual(
						expect.arrayContaining(numbersOf(organization.devices)),
					),
				patienceMs,
			),
		end: listener.end,
	};
}

/** What devices report; another value each time. */
let lastSocPct = 20;

/** The devices and the counts that a live connection is told of while all devices of both organizations report. */
async function hear(cookie: string, host: string, deviceNos: readonly number[]) {
	const { harbour, island } = target;
	const reader = await listen(cookie, host);
	const rows = reader.subscribe('fleet.rows', { deviceNos });
	const counts = reader.subscribe('fleet.counts', {});
	await until(() => expect(reader.heard(counts)).not.toEqual([]), patienceMs);
	const witnesses = [await witnessOf(harbour, deviceNos), await witnessOf(island, deviceNos)];
	const socPct = ++lastSocPct;
	for (const device of [...harbour.devices, ...island.devices]) {
		const wire = await target.connect(device);
		await wire.publish(device.deviceId, { at: new Date().toISOString(), soc_pct: socPct });
		wire.break();
	}
	// A report goes out to everybody at once: what the witnesses have heard is on its way to the reader, or never will be.
	for (const witness of witnesses) await witness.hasHeardAll(socPct);
	await reader.settled();
	for (const { end } of [reader, ...witnesses]) end();
	return {
		devices: devicesHeard(reader, rows),
		counts: reader.heard(counts).map((message) => fleetCountsTopic.message.parse(message).counts),
	};
}

describe.each(readers)('$who', ({ signIn, seen }) => {
	let cookie: string;
	let host: string;
	let own: number[];
	beforeAll(async () => {
		cookie = await signIn();
		host = target.harbour.host;
		own = numbersOf(target.harbour.devices.filter((_, place) => seen(place)));
	});

	test.each(['harbour.test', 'no-such.test', '127.0.0.1'])(
		'sees the own devices on %s',
		async (name) => {
			const { rows, total, counts } = await list(cookie, name, '');
			expect(rows.map((row) => row.deviceNo).sort((one, other) => one - other)).toEqual(own);
			expect(total).toBe(own.length);
			expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(own.length);
		},
	);

	test('has no access at all on the host of another organization', async () => {
		const answer = await target.ask('/api/fleet/devices', { cookie, host: target.island.host });
		expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'no_membership']);
		const live = target.openLive({ cookie, host: target.island.host });
		expect((await once(live, 'unexpected-response'))[1].statusCode).toBe(403);
		live.terminate();
	});

	test.each(['island', 'crowd', 'customer 1', 'dealer 1'])(
		'finds by "%s" what is its own',
		async (q) => {
			const { rows, total } = await list(cookie, host, `q=${encodeURIComponent(q)}`);
			for (const row of rows) expect(own).toContain(row.deviceNo);
			expect(total).toBe(rows.length);
		},
	);

	test('finds its own among any number of others, and nothing of how many there are', async () => {
		const { rows, total, totalIsExact } = await list(cookie, host, 'q=harbour-');
		expect({ found: rows.length, total, totalIsExact }).toEqual({
			found: own.length,
			total: own.length,
			totalIsExact: true,
		});
	});

	test('hears of its own devices alone, whatever it asks for', async () => {
		const all = numbersOf([...target.harbour.devices, ...target.island.devices]);
		const { devices, counts } = await hear(cookie, host, [
			...all,
			0,
			-1,
			2 ** 31 - 1,
			-(2 ** 31),
			5,
			5,
		]);
		expect(devices).toEqual(own);
		for (const each of counts)
			expect(Object.values(each).reduce((sum, count) => sum + count, 0)).toBe(own.length);
	});
});

test('a member of two organizations acts in the one whose host was asked, with the role there', async () => {
	const { harbour, island } = target;
	const email = await target.newMember(harbour, 'dealer', { dealerNo: harbour.dealerNos[1] ?? 0 });
	const customerNos = [island.customerNos[3] ?? 0];
	await target.newMember(island, 'customer', { customerNos }, email);
	const cookie = await target.signIn(email, harbour.host);
	const seen = async (host: string) => {
		const { rows } = await list(cookie, host, '');
		return numbersOf(
			[...harbour.devices, ...island.devices].filter((device) =>
				rows.some((row) => row.deviceNo === device.deviceNo),
			),
		);
	};
	const inHarbour = numbersOf(harbour.devices.filter((_, place) => place % 4 >= 2));
	const onIsland = numbersOf(island.devices.filter((_, place) => place % 4 === 3));
	for (const host of [harbour.host, `${harbour.host}:80`, 'elsewhere.test'])
		expect(await seen(host), host).toEqual(inHarbour);
	for (const host of [island.host, island.host.toUpperCase(), `${island.host}:8080`])
		expect(await seen(host), host).toEqual(onIsland);
});

test('without its membership or its session somebody is sent away', async () => {
	const { host } = target.harbour;
	const endings = [
		{ sql: 'delete from membership where user_id =', status: 403 },
		{ sql: 'delete from auth_session where "userId" =', status: 401 },
	];
	await Promise.all(
		endings.map(async ({ sql, status }) => {
			const email = await target.newMember(target.harbour, 'admin');
			const cookie = await target.signIn(email, host);
			const live = target.openLive({ cookie, host });
			await once(live, 'open');
			const closed = once(live, 'close');
			await target.query(`${sql} (select id from auth_user where email = $1)`, [email]);
			expect((await closed)[0]).toBe(sessionEnded);
			expect((await target.ask('/api/session', { host, cookie })).status).toBe(status);
		}),
	);
});

test('a connection that never stops asking is ended, and nobody else waits', async () => {
	const { harbour } = target;
	const cookie = await target.signIn(await target.newMember(harbour, 'admin'), harbour.host);
	const live = target.openLive({ cookie, host: harbour.host });
	await once(live, 'open');
	const closed = once(live, 'close');
	const params = { deviceNos: Array.from({ length: 200 }, (_, place) => place + 1) };
	for (let subscription = 1; subscription <= 5_000; subscription++)
		live.send(JSON.stringify({ type: 'subscribe', subscription, topic: 'fleet.rows', params }));
	expect((await closed)[0]).toBe(1008);
	await list(cookie, harbour.host, '');
});

test('connections that come and go leave no subscriber behind', async () => {
	const { harbour } = target;
	const cookie = await target.signIn(await target.newMember(harbour, 'admin'), harbour.host);
	const visit = async () => {
		const live = target.openLive({ cookie, host: harbour.host });
		await once(live, 'open');
		for (let subscription = 1; subscription <= 60; subscription++)
			live.send(
				JSON.stringify({ type: 'subscribe', subscription, topic: 'fleet.counts', params: {} }),
			);
		live.terminate();
	};
	for (let round = 0; round < 10; round++)
		await Promise.all(Array.from({ length: 20 }, () => visit()));
	await until(async () => expect(await target.metric('live_connections')).toBe(0), patienceMs);
	expect(await target.complaintsUntilNow()).toEqual([]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import { until } from '../harness/until.ts';
import type { DeviceWire } from './device-wire.ts';
import { patienceMs, Target } from './target.ts';

const dayMs = 86_400_000;
const yesterday = new Date(Date.now() - dayMs).toISOString().slice(0, 10);
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

let target: Target;
let device: RegisteredDevice;
let wire: DeviceWire;

beforeAll(async () => {
	target = await Target.start();
	device = target.harbour.devices[0]!;
	wire = await target.connect(device);
});
afterAll(() => target.close());

/** Publishes and waits for the acknowledgement. @returns how many more readings and parked messages there are */
async function publish(body: unknown, by = device, over = wire): Promise<object> {
	const before = await target.kept(by);
	expect(await over.publish(by.deviceId, body)).toBe(true);
	const after = await target.kept(by);
	return { stored: after.stored - before.stored, parked: after.parked - before.parked };
}

async function sensorsOf({ deviceNo }: RegisteredDevice): Promise<Record<string, unknown>> {
	const [row] = await target.query<{ sensors: Record<string, unknown> | null }>(
		'select sensors from device_state where device_no = $1',
		[deviceNo],
	);
	return row?.sensors ?? {};
}

const stored = { stored: 1, parked: 0 };
const parked = { stored: 0, parked: 1 };

test.each<{ what: string; body: string; kept: object }>([
	{ what: 'nothing', body: '', kept: parked },
	{ what: 'null', body: 'null', kept: parked },
	{ what: 'an empty array', body: '[]', kept: parked },
	{ what: 'an empty object', body: '{}', kept: { stored: 0, parked: 0 } },
	{ what: 'a good reading beside none', body: '[{"soc_pct":1},5]', kept: parked },
	{ what: 'a byte order mark', body: '\uFEFF{"soc_pct":1}', kept: parked },
	{ what: 'an array 100,000 levels deep', body: deep, kept: parked },
	{ what: 'a value 100,000 levels deep', body: `{"soc_pct":1,"x":${deep}}`, kept: parked },
	{ what: 'a time 100,000 levels deep', body: `{"soc_pct":1,"at":${deep}}`, kept: parked },
	{ what: 'the same with a sequence', body: `{"soc_pct":1,"seq":1,"x":${deep}}`, kept: parked },
	{ what: 'numbers at their limits', body: '{"seq":2,"a":1e308,"b":5e-324,"c":-0}', kept: stored },
	{ what: 'numbers beyond', body: '{"seq":3,"a":1e999,"soc_pct":-1e308,"b":1}', kept: stored },
	{ what: 'names of prototypes', body: '{"seq":4,"__proto__":{"x":1},"soc_pct":1}', kept: stored },
	{ what: 'a key twice', body: '{"seq":5,"soc_pct":1,"soc_pct":2}', kept: stored },
	{ what: 'half a pair', body: '{"seq":6,"firmware":"\\ud800","\\udc00":1,"a":1}', kept: stored },
	{ what: 'NUL', body: '{"seq":7,"firmware":"1\\u0000","\\u0000":1,"a":"\\u0001"}', kept: stored },
	{ what: 'a boot with NUL', body: '{"seq":1,"boot":"\\u0000","soc_pct":7}', kept: stored },
	{ what: 'a sequence of 2^53', body: '{"seq":9007199254740992,"soc_pct":8}', kept: stored },
	{ what: 'the year 9999', body: '{"at":"9999-12-31T23:59:59Z","soc_pct":1}', kept: stored },
	{ what: 'the year 1970', body: '{"at":"1970-01-01T00:00:00Z","soc_pct":2}', kept: stored },
	{ what: 'a leap second', body: '{"at":"2016-12-31T23:59:60Z","soc_pct":3}', kept: stored },
	{
		what: 'a zone of +99:99',
		body: `{"at":"${yesterday}T00:00:00+99:99","soc_pct":4}`,
		kept: stored,
	},
	{
		what: 'an endless fraction',
		body: `{"at":"${yesterday}T00:00:00.${'9'.repeat(99_999)}Z","a":1}`,
		kept: stored,
	},
])('$what is acknowledged and accounted for', async ({ body, kept }) => {
	expect(await publish(body)).toEqual(kept);
});

test('a boot of half a megabyte and ten thousand sensors are cut to size', async () => {
	const sensors = Object.fromEntries(
		Array.from({ length: 10_000 }, (_, place) => [`s${place}`, 1]),
	);
	expect(await publish({ boot: 'b'.repeat(500_000), seq: 1, ...sensors })).toEqual(stored);
	expect(Object.keys(await sensorsOf(device))).toHaveLength(64);
});

test('ten thousand readings in one message are stored once, however often they come', async () => {
	const other = target.harbour.devices[1]!;
	const over = await target.connect(other);
	const now = Date.now();
	const readings = Array.from({ length: 10_000 }, (_, seq) => ({
		boot: 'batch',
		seq,
		at: new Date(now - 100_000 + seq).toISOString(),
		soc_pct: seq % 100,
	}));
	expect(await publish(readings, other, over)).toEqual({ stored: 10_000, parked: 0 });
	expect(await publish(readings, other, over)).toEqual({ stored: 0, parked: 0 });
	expect(await publish([...readings, { soc_pct: 1 }], other, over)).toEqual(parked);
	over.break();
});

test('a reading for each day of the retention is stored', async () => {
	const other = target.harbour.devices[2]!;
	const over = await target.connect(other);
	const now = Date.now();
	const days = Array.from({ length: 399 }, (_, day) => ({
		at: new Date(now - day * dayMs).toISOString(),
		soc_pct: 1,
	}));
	expect(await publish(days, other, over)).toEqual({ stored: 399, parked: 0 });
	expect(await publish(days, other, over)).toEqual({ stored: 0, parked: 0 });
	over.break();
});

test('without a clock the sequence tells a repetition, even when the device was ahead before', async () => {
	const other = target.harbour.devices[3]!;
	const over = await target.connect(other);
	const ahead = new Date(Date.now() + 4 * 60_000).toISOString();
	for (const boot of ['1', '2', '3', '4'])
		await publish({ boot, seq: 1, at: ahead, soc_pct: 1 }, other, over);
	const withoutClock = { boot: '5', seq: 1, soc_pct: 77 };
	expect(await publish(withoutClock, other, over)).toEqual(stored);
	expect(await publish(withoutClock, other, over)).toEqual({ stored: 0, parked: 0 });
	over.break();
});

test('a sensor named like a method stays until it is said anew', async () => {
	const other = target.harbour.devices[4]!;
	const over = await target.connect(other);
	await publish({ seq: 1, constructor: 5, toString: 6 }, other, over);
	await publish({ seq: 2, other: 7 }, other, over);
	expect(await sensorsOf(other)).toEqual({ constructor: 5, toString: 6, other: 7 });
	over.break();
});

test('a message that no step can take is set aside without a second try of its batch', async () => {
	const others = target.harbour.devices.slice(5, 11);
	const wires = await Promise.all(others.map((other) => target.connect(other)));
	let isDone = false;
	const spoiler = (async () => {
		const body = `{"x":${deep}}`;
		while (!isDone) await wire.publish(device.deviceId, body);
	})();
	await Promise.all(
		wires.map(async (over, place) => {
			for (let seq = 1; seq <= 20; seq++)
				await over.publish(others[place]!.deviceId, { boot: 'calm', seq, soc_pct: 1 });
		}),
	);
	isDone = true;
	await spoiler;
	for (const other of others) expect(await target.kept(other)).toEqual({ stored: 20, parked: 0 });
	// Said of a message that was found by trying its batch device by device.
	expect(await target.saidUntilNow()).not.toContain('message parked');
	for (const over of wires) over.break();
});

test('nothing of this was more than a warning, and the server is well', async () => {
	await until(async () => expect((await target.ask('/health')).status).toBe(200), patienceMs);
	expect(await target.complaintsUntilNow()).toEqual([]);
});

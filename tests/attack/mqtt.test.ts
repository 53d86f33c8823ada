import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import { until } from '../harness/until.ts';
import {
	announcement,
	type Connect,
	connectPacket,
	type DeviceWire,
	packetType,
	pingPacket,
	publishPacket,
	subscribePacket,
} from './device-wire.ts';
import { patienceMs, Target } from './target.ts';

const megabyte = 1024 * 1024;
const mqtt31 = { name: 'MQIsdp', level: 3 };

let target: Target;
let device: RegisteredDevice;
let foreign: RegisteredDevice;

beforeAll(async () => {
	target = await Target.start({ LOG_LEVEL: 'trace' });
	device = target.harbour.devices[0]!;
	foreign = target.island.devices[0]!;
});
afterAll(() => target.close());

function connectOf(parts: Partial<Connect> = {}): Connect {
	return { clientId: 'one', userName: device.deviceId, password: device.key, ...parts };
}

/** A well-behaved device whose messages must be acknowledged whatever others do. */
async function honestDevice(): Promise<{ report(): Promise<void>; wire: DeviceWire }> {
	const honest = target.harbour.devices[11]!;
	const wire = await target.connect(honest);
	return {
		wire,
		async report() {
			const at = new Date().toISOString();
			expect(await wire.publish(honest.deviceId, { at, soc_pct: 50 })).toBe(true);
		},
	};
}

function nobodyIsConnected(): Promise<void> {
	return until(async () => expect(await target.metric('mqtt_connections')).toBe(0), patienceMs);
}

describe('who gets in', () => {
	test.each<{ how: string; parts: Partial<Connect>; code: number }>([
		{ how: 'MQTT 3.1', parts: { protocol: mqtt31 }, code: 0 },
		{ how: 'a long id in 3.1', parts: { protocol: mqtt31, clientId: 'i'.repeat(24) }, code: 2 },
		{ how: 'no client id', parts: { clientId: '' }, code: 0 },
		{ how: 'a client id of 60 kB', parts: { clientId: 'i'.repeat(60_000) }, code: 0 },
		{ how: 'no keep-alive', parts: { keepAliveSeconds: 0 }, code: 0 },
		{ how: 'a wrong key', parts: { password: 'wrong' }, code: 4 },
		{ how: 'a user name with NUL', parts: { userName: 'harbour-0\0' }, code: 4 },
		{ how: 'a wildcard as user name', parts: { userName: 'harbour-+' }, code: 4 },
	])('$how is answered with $code', async ({ parts, code }) => {
		const wire = await target.openWire();
		expect(await wire.connect(connectOf(parts))).toBe(code);
		wire.break();
	});

	test('MQTT 5 is told that its version is not spoken', async () => {
		const wire = await target.openWire();
		const withoutProperties = connectPacket(connectOf({ protocol: { name: 'MQTT', level: 5 } }));
		// Between keep-alive and client id an empty list of properties.
		const place = withoutProperties.indexOf('MQTT') + 8;
		const bytes = Buffer.concat([
			withoutProperties.subarray(0, place),
			Buffer.from([0]),
			withoutProperties.subarray(place),
		]);
		bytes.writeUInt8(bytes.readUInt8(1) + 1, 1);
		wire.send(bytes);
		expect((await wire.receive(packetType.connack))?.body).toEqual(Buffer.from([0, 1]));
		await wire.ended();
	});

	test.each([
		['nonsense', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
		['zeros', Buffer.alloc(64)],
		['a PUBLISH before CONNECT', publishPacket('x', Buffer.from('seen-before-connect'), 0, 0)],
		['a PINGREQ before CONNECT', pingPacket],
	])('%s ends the connection', async (_, bytes) => {
		const wire = await target.openWire();
		wire.send(bytes);
		await wire.ended();
	});

	test('a second CONNECT ends the connection, and its key is not logged', async () => {
		const wire = await target.connect(device);
		wire.send(connectPacket(connectOf()));
		await wire.ended();
		await until(
			() => expect(target.said()).toMatch(/"client":"harbour-0 harbour-0".*Invalid protocol/),
			patienceMs,
		);
		const said = await target.saidUntilNow();
		expect(said).not.toContain(device.key);
		expect(said).not.toContain([...Buffer.from(device.key)].join(','));
	});

	test('a thousand connections that say nothing keep nobody out', async () => {
		const silent = await Promise.all(Array.from({ length: 1_000 }, () => target.openWire()));
		const half = await Promise.all(Array.from({ length: 100 }, () => target.openWire()));
		for (const wire of half) wire.send(connectPacket(connectOf()).subarray(0, 20));
		const honest = await honestDevice();
		await honest.report();
		for (const wire of [...silent, ...half, honest.wire]) wire.break();
	});
});

describe('topics', () => {
	test.each([
		() => telemetryTopic(foreign.deviceId),
		() => `${telemetryTopic(device.deviceId)}/`,
		() => `/${telemetryTopic(device.deviceId)}`,
		() => telemetryTopic(device.deviceId).toUpperCase(),
		() => `qd/v1/${device.deviceId}/command`,
		() => 'qd/v1/+/telemetry',
		() => 'qd/#',
		() => '$SYS/anything',
		() => '\u{1f6a2}',
		() => 'a/'.repeat(30_000),
	])('a device cannot publish anywhere else (%#)', async (topic) => {
		const before = await target.kept(foreign);
		const wire = await target.connect(device);
		wire.send(publishPacket(topic(), Buffer.from('{"soc_pct":66}'), 1, 1, true));
		await wire.ended();
		expect(await target.kept(foreign)).toEqual(before);
	});

	test('a device subscribes to its own commands and to nothing else', async () => {
		const wire = await target.connect(device);
		const own = `qd/v1/${device.deviceId}/command`;
		wire.send(
			subscribePacket(7, [
				own,
				`${own}/#`,
				`${own}/+`,
				`qd/v1/${foreign.deviceId}/command`,
				telemetryTopic(device.deviceId),
				'#',
				'+/#',
				'$SYS/#',
				`$share/group/${own}`,
				'__proto__',
				'constructor',
			]),
		);
		const granted = (await wire.receive(packetType.suback))?.body.subarray(2);
		expect([...(granted ?? [])]).toEqual([1, 1, ...new Array(9).fill(0x80)]);
		wire.break();
	});

	test('thousands of subscriptions at once are refused and cost nobody else', async () => {
		const wire = await target.connect(device);
		const filters = Array.from({ length: 20_000 }, (_, place) => `topic/${place}`);
		wire.send(subscribePacket(9, filters));
		const honest = await honestDevice();
		await honest.report();
		const granted = (await wire.receive(packetType.suback))?.body.subarray(2);
		expect(granted?.every((code) => code === 0x80)).toBe(true);
		wire.break();
		honest.wire.break();
	});

	test('a will counts only for a device that got in, and only on its own topic', async () => {
		const will = (topic: string, boot: string) => ({
			topic,
			body: JSON.stringify({ boot, seq: 1, soc_pct: 12.5 }),
		});
		const stranger = await target.openWire();
		const own = telemetryTopic(device.deviceId);
		expect(
			await stranger.connect(connectOf({ password: 'wrong', will: will(own, 'stranger') })),
		).toBe(4);
		await stranger.ended();
		for (const [place, topic] of [telemetryTopic(foreign.deviceId), '$SYS/x', own].entries()) {
			const wire = await target.openWire();
			expect(await wire.connect(connectOf({ will: will(topic, `boot ${place}`) }))).toBe(0);
			wire.break();
		}
		const stored = () =>
			target.query<{ device_no: number }>('select device_no from readings where soc_pct = 12.5');
		await until(
			async () => expect(await stored()).toEqual([{ device_no: device.deviceNo }]),
			patienceMs,
		);
	});
});

describe('what fits into memory', () => {
	test('nobody without a key can make the broker gather a large packet', async () => {
		const beforeMegabytes = await target.residentMegabytes();
		const wires = await Promise.all(Array.from({ length: 40 }, () => target.openWire()));
		await Promise.all(
			wires.map(async (wire) => {
				wire.send(announcement(0x10, 200 * megabyte));
				wire.send(Buffer.alloc(8 * megabyte, 'x'));
				await wire.ended();
			}),
		);
		expect((await target.residentMegabytes()) - beforeMegabytes).toBeLessThan(100);
	});

	test('a packet of more than a megabyte ends the connection', async () => {
		const wire = await target.connect(device);
		wire.send(announcement(0x32, megabyte + 1));
		await wire.ended();
		expect(await target.metric('device_messages_dropped_total')).toBeGreaterThan(0);
	});

	test('a packet of just a megabyte is taken, in whatever pieces it comes', async () => {
		const wire = await target.connect(device);
		const topic = telemetryTopic(device.deviceId);
		const room = megabyte - 2 - Buffer.byteLength(topic) - 2;
		const reading = JSON.stringify({ boot: 'large', seq: 1, soc_pct: 61, note: '' });
		const body = reading.replace('""', `"${'n'.repeat(room - reading.length)}"`);
		const bytes = publishPacket(topic, Buffer.from(body), 1, 1);
		let sent = 0;
		for (const end of [1, 2, 3, 4, 5, 70_000, bytes.length]) {
			wire.send(bytes.subarray(sent, end));
			await new Promise((resolve) => setImmediate(resolve));
			sent = end;
		}
		expect(await wire.receive(packetType.puback)).not.toBeNull();
		wire.break();
	});

	test('a session outlives its connection only under the device id', async () => {
		const present = async (clientId: string): Promise<number> => {
			const wire = await target.openWire();
			wire.send(connectPacket(connectOf({ clientId, cleanSession: false })));
			const flag = (await wire.receive(packetType.connack))?.body[0] ?? -1;
			wire.send(subscribePacket(1, [`qd/v1/${device.deviceId}/command`]));
			await wire.receive(packetType.suback);
			wire.break();
			return flag;
		};
		expect([await present(device.deviceId), await present(device.deviceId)]).toEqual([0, 1]);
		expect([await present('another'), await present('another')]).toEqual([0, 0]);
	});

	test('connections that come and go leave no trace', async () => {
		const churn = async (clientId: string): Promise<void> => {
			for (let round = 0; round < 40; round++) {
				const wire = await target.openWire();
				wire.send(
					Buffer.concat([
						connectPacket(connectOf({ clientId, cleanSession: round % 2 === 0 })),
						subscribePacket(1, [`qd/v1/${device.deviceId}/command`]),
					]),
				);
				if (round % 3 > 0) await wire.receive(packetType.connack);
				wire.break();
			}
		};
		await Promise.all(['a', 'a', 'b', 'b', device.deviceId].map(churn));
		await nobodyIsConnected();
	});
});

test('messages that follow CONNECT without waiting are all acknowledged', async () => {
	const wire = await target.openWire();
	const topic = telemetryTopic(device.deviceId);
	const count = 500;
	const messages = Array.from({ length: count }, (_, seq) => {
		const body = JSON.stringify({ boot: 'eager', seq, at: new Date().toISOString(), soc_pct: 5 });
		return publishPacket(topic, Buffer.from(body), 1, seq + 1);
	});
	wire.send(Buffer.concat([connectPacket(connectOf()), ...messages]));
	for (let id = 1; id <= count; id++)
		expect(await wire.receive(packetType.puback), `message ${id}`).not.toBeNull();
	wire.break();
});

test('damaged packets after a right CONNECT harm nobody', async () => {
	const random = randomNumbers(20_261_121);
	const honest = await honestDevice();
	const topic = telemetryTopic(device.deviceId);
	const whole = [
		publishPacket(topic, Buffer.from('{"soc_pct":1}'), 1, 3),
		publishPacket(topic, Buffer.from('{"soc_pct":2}'), 2, 4),
		subscribePacket(5, [`qd/v1/${device.deviceId}/command`]),
		pingPacket,
		...[0x20, 0x40, 0x50, 0x62, 0x70, 0xb0].map((first) => Buffer.from([first, 2, 0, 3])),
	];
	for (let round = 0; round < 30; round++) {
		const wires = await Promise.all(Array.from({ length: 20 }, () => target.openWire()));
		for (const wire of wires) {
			wire.send(connectPacket(connectOf({ clientId: `c${random(5)}` })));
			for (let packets = random(6); packets >= 0; packets--)
				wire.send(damaged(whole[random(whole.length)]!, random));
		}
		await honest.report();
		for (const wire of wires) wire.break();
	}
	honest.wire.break();
	await nobodyIsConnected();
	expect(await target.complaintsUntilNow()).toEqual([]);
});

/** A linear congruential generator (Numerical Recipes), so that each run damages alike. */
function randomNumbers(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return (state >>> 8) % below;
	};
}

function damaged(packet: Buffer, random: (below: number) => number): Buffer {
	const bytes = Buffer.from(packet);
	const place = random(bytes.length);
	switch (random(4)) {
		case 0:
			bytes.writeUInt8(random(256), place);
			return bytes;
		case 1:
			return bytes.subarray(0, place);
		case 2:
			return Buffer.concat([
				bytes.subarray(0, place),
				Buffer.from([random(256)]),
				bytes.subarray(place),
			]);
		default:
			return bytes;
	}
}

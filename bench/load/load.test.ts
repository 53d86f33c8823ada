import { once } from 'node:events';
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { type Packet, parser } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { type FieldName, fieldNames } from '#contract/device-reading.ts';
import { until } from '../../tests/harness/until.ts';
import { Generator } from './generator.ts';
import { Latencies } from './latencies.ts';
import { AnswerReader, connectPacket } from './mqtt-wire.ts';
import { firstSequenceOf, ReadingPacket, TimeText } from './payload.ts';

const firstSequence = firstSequenceOf(1);

function parsed(bytes: Buffer): Packet[] {
	const packets: Packet[] = [];
	const mqtt = parser({ protocolVersion: 4 });
	mqtt.on('packet', (packet) => packets.push(packet));
	mqtt.parse(bytes);
	return packets;
}

function readingIn(bytes: Buffer): Record<string, unknown> {
	const [packet] = parsed(bytes);
	if (packet?.cmd !== 'publish') throw new Error('no PUBLISH');
	return JSON.parse(packet.payload.toString());
}

describe('what the load generator sends', () => {
	it('connects as MQTT 3.1.1 with credentials', () => {
		const [packet] = parsed(connectPacket('EV-1', 'a key', 600));
		expect(packet).toMatchObject({
			cmd: 'connect',
			protocolId: 'MQTT',
			protocolVersion: 4,
			clean: true,
			keepalive: 600,
			clientId: 'EV-1',
			username: 'EV-1',
		});
		expect(packet?.cmd === 'connect' && packet.password?.toString()).toBe('a key');
	});

	it('publishes readings of 12 values that change with every message', () => {
		const packet = new ReadingPacket('EV-1', 'b0000001', 7);
		const time = Buffer.from('2026-11-21T12:34:56.789Z');
		packet.write(firstSequence + 123_456, time);
		expect(parsed(packet.bytes)).toMatchObject([
			{ cmd: 'publish', qos: 1, messageId: 7, topic: 'qd/v1/EV-1/telemetry' },
		]);
		const first = readingIn(packet.bytes);
		expect(first).toMatchObject({
			boot: 'b0000001',
			seq: 1_123_456,
			at: '2026-11-21T12:34:56.789Z',
			odometer_km: 11_234.56,
			ignition: true,
			charging: false,
		});
		const values = fieldNames.filter((name) => name in first);
		expect(values).toHaveLength(12);
		packet.write(firstSequence + 123_457, time);
		const second = readingIn(packet.bytes);
		const same = values.filter((name: FieldName) => first[name] === second[name]);
		expect(same.sort()).toEqual(['charging', 'ignition']);
	});

	it('writes the present time', () => {
		const beforeMs = Date.now();
		const atMs = Date.parse(new TimeText().refresh().toString());
		expect(atMs).toBeGreaterThanOrEqual(beforeMs);
		expect(atMs).toBeLessThanOrEqual(Date.now());
	});
});

it('reads answers however they are cut', () => {
	const bytes = Buffer.from([0x20, 2, 0, 5, 0x40, 2, 1, 2, 0x40, 2, 0, 9]);
	for (let cut = 1; cut < bytes.length; cut += 1) {
		const answers: [number, number][] = [];
		const reader = new AnswerReader((type, value) => answers.push([type, value]));
		reader.read(bytes, cut);
		reader.read(bytes.subarray(cut), bytes.length - cut);
		expect(answers).toEqual([
			[2, 5],
			[4, 258],
			[4, 9],
		]);
	}
});

it('tells quantiles to a tenth of a millisecond', () => {
	const low = new Latencies();
	for (let count = 1; count <= 98; count += 1) low.add(1.04);
	const high = new Latencies();
	high.add(20.31);
	high.add(60_000);
	low.merge(high);
	expect(low.quantileMs(0.5)).toBe(1.1);
	expect(low.quantileMs(0.99)).toBe(20.4);
	expect(low.quantileMs(1)).toBe(10_000);
});

it('counts exactly what a broker acknowledged, with devices that take turns', async () => {
	const received = new Map<string, Set<number>>();
	let messages = 0;
	const aedes = await Aedes.createBroker({
		authorizePublish(_client, packet, done) {
			const { seq, boot } = JSON.parse(packet.payload.toString());
			expect(boot).toBe('b0000001');
			const seqs = received.get(packet.topic) ?? new Set();
			received.set(packet.topic, seqs.add(seq));
			messages += 1;
			done(null);
		},
	});
	const broker = createServer(aedes.handle).listen(0, '127.0.0.1');
	await once(broker, 'listening');
	const address = broker.address();
	if (address === null || typeof address === 'string') throw new Error('no port');

	const devices = Array.from({ length: 30 }, (_, index) => ({ deviceId: `EV-${index}`, key: 'k' }));
	const generator = await Generator.start({
		port: address.port,
		devices,
		connections: 20,
		boot: 'b0000001',
		firstSequence,
		window: 2,
	});
	// Each again until it was long enough for every device to have its turn.
	const measured = (perSecond: number | null) =>
		until(async () => {
			const result = await generator.run(perSecond, 0.2, 0.5);
			expect(result.perSecond).toBeGreaterThan(0);
			expect(Math.min(...result.acknowledgedByDevice)).toBeGreaterThan(0);
			return result;
		});
	await measured(null);
	const open = await measured(200);
	await generator.close();

	expect(open.brokenConnections).toBe(0);
	const total = open.acknowledgedByDevice.reduce((sum, count) => sum + count, 0);
	expect(total).toBe(messages);
	for (const [index, { deviceId }] of devices.entries()) {
		const seqs = [...(received.get(`qd/v1/${deviceId}/telemetry`) ?? [])].sort();
		expect(seqs.length).toBeGreaterThan(0);
		expect(seqs).toHaveLength(open.acknowledgedByDevice[index] ?? 0);
		expect(seqs).toEqual(seqs.map((_, place) => firstSequence + place));
	}
	await new Promise<void>((resolve) => aedes.close(resolve));
	await new Promise((resolve) => broker.close(resolve));
});

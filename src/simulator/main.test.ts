import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { expect, it } from 'vitest';
import type { WireReading } from '#contract/device-reading.ts';

function startSimulator(args: readonly string[]): { process: ChildProcess; output: () => string } {
	const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args]);
	let output = '';
	child.stdout.on('data', (chunk) => {
		output += chunk;
	});
	child.stderr.on('data', (chunk) => {
		output += chunk;
	});
	return { process: child, output: () => output };
}

it('plays a credentials file over MQTT and stops cleanly on SIGTERM', async () => {
	const readings = new Map<string, WireReading[]>();
	const enough = Promise.withResolvers<void>();
	const aedes = await Aedes.createBroker({
		authenticate: (_client, username, password, done) =>
			done(null, password?.toString() === `key of ${username}`),
		authorizePublish(_client, packet, done) {
			const deviceId = packet.topic.split('/')[2] ?? '';
			const reading: WireReading = JSON.parse(packet.payload.toString());
			readings.set(deviceId, [...(readings.get(deviceId) ?? []), reading]);
			if ([...readings.values()].filter((list) => list.length >= 20).length === 2) enough.resolve();
			done(null);
		},
	});
	const broker = createServer(aedes.handle).listen(0, '127.0.0.1');
	await once(broker, 'listening');
	const address = broker.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
	const credentials = join(folder, 'devices.json');
	const device = (deviceId: string, replay: string) => ({
		deviceId,
		key: `key of ${deviceId}`,
		replay,
	});
	await writeFile(
		credentials,
		JSON.stringify({
			devices: [device('EV-1', 'T1_03_29_2021'), device('EV-2', 'T3_05_25_2021_1')],
		}),
	);

	const mqttUrl = `mqtt://127.0.0.1:${address.port}`;
	const simulator = startSimulator([
		...['--credentials', credentials],
		...['--mqtt', mqttUrl],
		...['--speed', '100'],
	]);
	const exited = once(simulator.process, 'exit');
	await Promise.race([enough.promise, exited]);
	simulator.process.kill('SIGTERM');
	expect(await exited, simulator.output()).toEqual([0, null]);
	expect(simulator.output()).toContain(`2 devices report to ${mqttUrl} at 100× speed`);
	expect(simulator.output()).toContain('stopped');

	expect([...readings.keys()].sort()).toEqual(['EV-1', 'EV-2']);
	for (const list of readings.values()) {
		expect(new Set(list.map((reading) => reading.boot)).size).toBe(1);
		expect(list.map((reading) => reading.seq)).toEqual(list.map((_, index) => index + 1));
		expect(list[0]).toMatchObject({ ignition: true, charging: false });
	}

	await new Promise<void>((resolve) => aedes.close(resolve));
	await new Promise((resolve) => broker.close(resolve));
	await rm(folder, { recursive: true });
}, 30_000);

it('ends with the server that started it', async () => {
	const args = ['--device', 'EV-1', '--mqtt', 'mqtt://127.0.0.1:1'];
	const child = fork(join(import.meta.dirname, 'main.ts'), args, {
		env: { ...process.env, KEY: 'secret' },
		silent: true,
	});
	const exited = once(child, 'exit');
	child.disconnect();
	expect(await exited).toEqual([0, null]);
});

it.each([
	[[], 'Name the devices with --credentials, or one with --device.'],
	[['--device', 'EV-1', '--speed', 'fast'], '--speed must be a number'],
	[['--device', 'EV-1'], 'The device EV-1 needs its key'],
	[['--credentials', '/nowhere.json'], 'The credentials /nowhere.json cannot be read'],
	[['--boost'], "Unknown option '--boost'"],
])('says what to do when started with %j', async (args, sentence) => {
	const simulator = startSimulator(args);
	const [code] = await once(simulator.process, 'close');
	expect(code).toBe(2);
	expect(simulator.output()).toContain(sentence);
});

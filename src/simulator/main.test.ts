import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { expect, it } from 'vitest';
import type { WireReading } from '#contract/device-reading.ts';
import { hasPosition, isCovered } from './models/radio.ts';

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

interface Played {
	readonly output: string;
	readonly mqttUrl: string;
	readonly readings: ReadonlyMap<string, readonly WireReading[]>;
}

/** Lets the simulator play a credentials file against a real broker until each of these devices has said enough. */
async function play(
	devices: readonly { readonly deviceId: string; readonly [fact: string]: unknown }[],
	args: readonly string[],
	speaking: readonly string[],
	readingsOfEach: number,
): Promise<Played> {
	const readings = new Map<string, WireReading[]>();
	const enough = Promise.withResolvers<void>();
	const aedes = await Aedes.createBroker({
		authenticate: (_client, username, password, done) =>
			done(null, password?.toString() === `key of ${username}`),
		authorizePublish(_client, packet, done) {
			const deviceId = packet.topic.split('/')[2] ?? '';
			const body: WireReading | WireReading[] = JSON.parse(packet.payload.toString());
			readings.set(deviceId, [...(readings.get(deviceId) ?? []), body].flat());
			if (speaking.every((id) => (readings.get(id)?.length ?? 0) >= readingsOfEach))
				enough.resolve();
			done(null);
		},
	});
	const broker = createServer(aedes.handle).listen(0, '127.0.0.1');
	await once(broker, 'listening');
	const address = broker.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
	const credentials = join(folder, 'devices.json');
	const keyed = devices.map((device) => ({ ...device, key: `key of ${device.deviceId}` }));
	await writeFile(credentials, JSON.stringify({ devices: keyed }));

	const mqttUrl = `mqtt://127.0.0.1:${address.port}`;
	const simulator = startSimulator(['--credentials', credentials, '--mqtt', mqttUrl, ...args]);
	// Not its exit, at which the last that it wrote may still be on the way.
	const exited = once(simulator.process, 'close');
	await Promise.race([enough.promise, exited]);
	simulator.process.kill('SIGTERM');
	expect(await exited, simulator.output()).toEqual([0, null]);
	expect(simulator.output()).toContain('stopped');
	await new Promise<void>((resolve) => aedes.close(resolve));
	await new Promise((resolve) => broker.close(resolve));
	await rm(folder, { recursive: true });
	return { output: simulator.output(), mqttUrl, readings };
}

it('plays a credentials file over MQTT and stops cleanly on SIGTERM', async () => {
	const { output, mqttUrl, readings } = await play(
		[
			{ deviceId: 'EV-1', replay: 'T1_03_29_2021' },
			{ deviceId: 'EV-2', replay: 'T3_05_25_2021_1' },
		],
		['--speed', '100'],
		['EV-1', 'EV-2'],
		20,
	);
	expect(output).toContain(`2 devices report to ${mqttUrl} at 100× speed`);
	expect([...readings.keys()].sort()).toEqual(['EV-1', 'EV-2']);
	for (const list of readings.values()) {
		expect(new Set(list.map((reading) => reading.boot)).size).toBe(1);
		expect(list.map((reading) => reading.seq)).toEqual(list.map((_, index) => index + 1));
		expect(list[0]).toMatchObject({ ignition: true, charging: false });
	}
});

const town = { lat: 18.52, lon: 73.857, reachKm: 5 };
const shift = { startHour: 0, hours: 24 };

/** Seed of a mobile device that has network and position now and for the time of a test. */
function seedInReach(): number {
	const minutes = [0, 1, 2];
	const seed = Array.from({ length: 1_000 }, (_, one) => one).find((one) =>
		minutes.every((later) => {
			const atMs = Date.now() + later * 60_000;
			return isCovered(one, atMs) && hasPosition(one, atMs);
		}),
	);
	if (seed === undefined) throw new Error('no device is in reach');
	return seed;
}

it('plays models at the interval asked for, and neither silent devices nor those left out', async () => {
	const { output, readings } = await play(
		[
			{ deviceId: 'EV-0', model: 'scooter_48v', seed: 1, town, shift },
			{ deviceId: 'EV-1', model: 'scooter_60v', seed: 1, town, shift },
			{
				deviceId: 'XP-1',
				model: 'x_pro',
				seed: seedInReach(),
				network: 'gsm',
				position: { lat: 18, lon: 73 },
			},
			{ deviceId: 'UN-1', model: 'unified', seed: 4, network: 'wifi' },
			{ deviceId: 'UL-1', model: 'ultra', seed: 5, network: 'wifi', silent: true },
			{ deviceId: 'UL-2', model: 'ultra', seed: 6, network: 'wifi' },
		],
		['--skip', '1', '--devices', '4', '--every', '0.2s'],
		['XP-1', 'UN-1'],
		5,
	);
	expect(output).toContain('3 devices report to');
	expect(readings.has('EV-0')).toBe(false);
	expect(readings.has('UL-1')).toBe(false);
	expect(readings.has('UL-2')).toBe(false);
	for (const id of ['XP-1', 'UN-1']) {
		const list = readings.get(id) ?? [];
		const times = list.map((reading) => Date.parse(reading.at ?? ''));
		expect((times[4] ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(4 * 200);
		expect(list[0]?.run_state).toMatch(/^(stopped|standby|starting|running|cooling|fault)$/);
	}
	expect(readings.get('XP-1')?.[0]).toMatchObject({ lat: 18, lon: 73 });
	expect(readings.get('UN-1')?.[0]).not.toHaveProperty('signal');
});

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
	[['--device', 'EV-1', '--every', 'soon'], '--every must be a time in seconds, as in 5s'],
	[['--devices', 'many'], '--devices must be a whole number from 1'],
	[['--boost'], "Unknown option '--boost'"],
])('says what to do when started with %j', async (args, sentence) => {
	const simulator = startSimulator(args);
	const [code] = await once(simulator.process, 'close');
	expect(code).toBe(2);
	expect(simulator.output()).toContain(sentence);
});

import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Aedes, type Client } from 'aedes';
import { afterEach, expect, it } from 'vitest';
import type { CommandMessage } from '#contract/device-command.ts';
import type { WireReading } from '#contract/device-reading.ts';
import { commandTopic } from '#contract/device-topics.ts';
import { startableController } from '../../tests/harness/startable-controller.ts';
import { until } from '../../tests/harness/until.ts';
import type { PlayedDevice } from './credentials.ts';
import { type SimulatedFleet, startFleet } from './fleet.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close();
});

const vehicle: PlayedDevice = { deviceId: 'EV-1', key: 'secret', replay: 'T1_03_29_2021' };

/**
 * A real broker with one simulated device on it; `said` are its results, the boots it reports from, the states of its
 * engine and when it connects, in order, and `readings` what it reports.
 */
async function startDevice(device: PlayedDevice = vehicle) {
	const said: string[] = [];
	const saidAtMs = new Map<string, number>();
	const say = (what: string) => {
		said.push(what);
		saidAtMs.set(what, Date.now());
	};
	const readings: WireReading[] = [];
	const listening: Client[] = [];
	const aedes = await Aedes.createBroker({
		authorizePublish(_client, packet, done) {
			const body = JSON.parse(packet.payload.toString());
			if (packet.topic.endsWith('/result'))
				say([packet.topic.split('/')[4], body.status, body.reason].filter(Boolean).join(' '));
			else {
				const before = readings.at(-1);
				if (body.boot !== before?.boot) say(`boot ${body.boot}`);
				if (body.run_state !== before?.run_state) say(body.run_state);
				readings.push(body);
			}
			done(null);
		},
	});
	aedes.on('client', () => say('connects'));
	aedes.on('subscribe', (_, client) => listening.push(client));
	const server = createServer(aedes.handle).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	const fleet: SimulatedFleet = await startFleet(
		{
			mqttUrl: `mqtt://127.0.0.1:${address.port}`,
			speed: 1,
			everyMs: null,
			part: { first: 0, count: 1 },
			drivesFolder: join(import.meta.dirname, '../../data/twizy-rsk'),
			devices: [{ index: 0, device }],
		},
		() => {},
	);
	closing.push(async () => {
		await fleet.stop();
		await new Promise<void>((resolve) => aedes.close(resolve));
		await new Promise((resolve) => server.close(resolve));
	});
	await until(() => expect([listening.length, readings.length > 0]).toEqual([1, true]), 30_000);
	const command = (
		commandId: string,
		name: string,
		expiresInMs: number,
		value?: CommandMessage['value'],
	) => {
		const expiresAt = new Date(Date.now() + expiresInMs).toISOString();
		const message: CommandMessage = {
			commandId,
			name,
			...(value !== undefined && { value }),
			expiresAt,
		};
		listening.at(-1)?.publish(
			{
				cmd: 'publish',
				topic: commandTopic(device.deviceId),
				payload: JSON.stringify(message),
				qos: 1,
				dup: false,
				retain: false,
			},
			() => {},
		);
	};
	return { said, saidAtMs, readings, listening, command };
}

it('a device told to reboot says so, is silent, comes back with another boot, and is done', async () => {
	const { said, listening, command } = await startDevice();
	command('c1', 'reboot', 60_000);
	await until(() => expect(said).toContain('c1 DONE'));
	await until(() => expect(new Set(said.filter((what) => what.startsWith('boot'))).size).toBe(2));
	expect(said.filter((what) => what === 'connects')).toHaveLength(2);
	const again = said.lastIndexOf('connects');
	expect(said.indexOf('c1 ACCEPTED')).toBeLessThan(again);
	expect(said.indexOf('c1 DONE')).toBeGreaterThan(again);
	await until(() => expect(listening).toHaveLength(2));
	// It remembers over the restart what it has done.
	command('c1', 'reboot', 60_000);
	command('c2', 'fly', 60_000);
	await until(() => expect(said).toContain('c2 REFUSED It does not know "fly".'));
	expect(said.filter((what) => what === 'c1 ACCEPTED')).toHaveLength(1);
});

it('a device refuses what comes too late', async () => {
	const { said, command } = await startDevice();
	command('c1', 'reboot', -1);
	await until(() => expect(said).toContain('c1 REFUSED It came after it had expired.'));
});

it('an engine controller starts, stops and keeps its settings, and its readings follow', async () => {
	const { said, saidAtMs, readings, command } = await startDevice(
		startableController({ deviceId: 'XP-1', key: 'secret' }),
	);
	const newest = () => readings.at(-1);
	expect(newest()).toMatchObject({
		run_state: 'standby',
		low_battery_start_v: 12,
		schedule: 'off',
	});

	command('c1', 'stop', 60_000);
	await until(() => expect(said).toContain('c1 REFUSED The engine does not run.'));

	command('c2', 'start', 60_000);
	await until(() => expect(said).toContain('c2 DONE'));
	await until(() => expect(newest()?.run_state).toBe('running'));
	expect(said).toContain('starting');
	const running = readings.find((reading) => reading.run_state === 'running');
	const timerPrecisionMs = 10;
	expect(saidAtMs.get('c2 DONE')).toBeGreaterThan(Date.parse(running?.at ?? '') - timerPrecisionMs);

	command('c3', 'stop', 60_000);
	await until(() => expect(said).toContain('c3 DONE'));
	await until(() => expect(newest()?.run_state).toBe('stopped'));

	command('c4', 'settings', 60_000, { low_battery_start_v: 15 });
	const refusal = 'Low battery start (15 V) has to be below high battery cut-off (14.8 V).';
	await until(() => expect(said).toContain(`c4 REFUSED ${refusal}`));
	command('c5', 'settings', 60_000, { low_battery_start_v: 11.8 });
	await until(() => expect(said).toContain('c5 DONE'));
	await until(() => expect(newest()).toMatchObject({ low_battery_start_v: 11.8 }));

	const sequences = readings.map(({ seq }) => seq);
	expect(sequences).toEqual(sequences.map((_, index) => index + 1));

	command('c6', 'reboot', 60_000);
	await until(() => expect(said).toContain('c6 DONE'));
	const [before] = readings;
	const reported = { seq: 1, run_state: 'stopped', low_battery_start_v: 11.8 };
	await until(() =>
		expect(readings.find(({ boot }) => boot !== before?.boot)).toMatchObject(reported),
	);
});

it('a vehicle knows nothing of engines', async () => {
	const { said, command } = await startDevice();
	command('c1', 'start', 60_000);
	await until(() => expect(said).toContain('c1 REFUSED It does not know "start".'));
});

import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Aedes, type Client } from 'aedes';
import { afterEach, expect, it, vi } from 'vitest';
import type { CommandMessage } from '#contract/device-command.ts';
import { type SimulatedFleet, startFleet } from './fleet.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close();
});

/** A real broker with one simulated device on it; `said` are its results and the boots it reports from, in order. */
async function startDevice() {
	const said: string[] = [];
	const listening: Client[] = [];
	const aedes = await Aedes.createBroker({
		authorizePublish(_client, packet, done) {
			const body = JSON.parse(packet.payload.toString());
			const what = packet.topic.endsWith('/result')
				? [packet.topic.split('/')[4], body.status, body.reason].filter(Boolean).join(' ')
				: `boot ${body.boot}`;
			if (said.at(-1) !== what) said.push(what);
			done(null);
		},
	});
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
			devices: [{ index: 0, device: { deviceId: 'EV-1', key: 'secret', replay: 'T1_03_29_2021' } }],
		},
		() => {},
	);
	closing.push(async () => {
		await fleet.stop();
		await new Promise<void>((resolve) => aedes.close(resolve));
		await new Promise((resolve) => server.close(resolve));
	});
	await vi.waitFor(() => expect([listening.length, said.length]).toEqual([1, 1]), 10_000);
	const command = (commandId: string, name: string, expiresInMs: number) => {
		const expiresAt = new Date(Date.now() + expiresInMs).toISOString();
		const message: CommandMessage = { commandId, name, expiresAt };
		listening.at(-1)?.publish(
			{
				cmd: 'publish',
				topic: 'qd/v1/EV-1/command',
				payload: JSON.stringify(message),
				qos: 1,
				dup: false,
				retain: false,
			},
			() => {},
		);
	};
	return { said, listening, command };
}

it('a device told to reboot says so, is silent, comes back with another boot, and is done', async () => {
	const { said, listening, command } = await startDevice();
	const [firstBoot] = said;
	command('c1', 'reboot', 60_000);
	await vi.waitFor(() => expect(said).toContain('c1 ACCEPTED'), 5_000);
	expect(said).not.toContain('c1 DONE');
	await vi.waitFor(() => expect(said).toContain('c1 DONE'), 15_000);
	expect(listening).toHaveLength(2);
	await vi.waitFor(() => expect(said.at(-1)).toMatch(/^boot/), 10_000);
	expect(said.at(-1)).not.toBe(firstBoot);
	// It remembers over the restart what it has done.
	command('c1', 'reboot', 60_000);
	command('c2', 'fly', 60_000);
	await vi.waitFor(() => expect(said).toContain('c2 REFUSED It does not know "fly".'), 5_000);
	expect(said.filter((what) => what === 'c1 ACCEPTED')).toHaveLength(1);
});

it('a device refuses what comes too late', async () => {
	const { said, command } = await startDevice();
	command('c1', 'reboot', -1);
	await vi.waitFor(() => expect(said).toContain('c1 REFUSED It came after it had expired.'), 5_000);
});

import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { telemetryTopic } from '#contract/device-topics.ts';
import type { World } from './world.ts';

/** Exit codes with which mosquitto's clients hand on a refusal in CONNACK (MQTT 3.1.1, table 3.1). */
const refusedCredentials = [4, 5];

interface Check {
	readonly name: string;
	run(world: World): Promise<void>;
}

function reading(values: Record<string, unknown>): string {
	return JSON.stringify({ boot: 'b1', at: new Date().toISOString(), ...values });
}

export const checks: readonly Check[] = [
	{
		name: 'an acknowledged reading is stored, and the API shows it',
		async run(world) {
			const device = world.device();
			const values = { lat: 33.9862, lon: -6.7255, speed_kmh: 31, ignition: true, signal: 24 };
			const { code, errors } = await world.publish(
				device,
				reading({ seq: 1, soc_pct: 55.5, firmware: '1.4.2', ...values }),
			);
			equal(code, 0, errors);
			deepEqual(await world.storedSocPct(device), [55.5]);
			await world.until('the API shows the reading', async () => {
				const row = await world.show(device);
				return row.socPct === 55.5 && row.status === 'moving' && row.firmware === '1.4.2';
			});
		},
	},
	{
		name: 'a reading of quality 0 is stored',
		async run(world) {
			const device = world.device();
			const { code } = await world.publish(device, reading({ seq: 1, soc_pct: 44 }), ['-q', '0']);
			equal(code, 0);
			await world.until('it is stored', async () => (await world.storedSocPct(device)).length > 0);
			deepEqual(await world.storedSocPct(device), [44]);
		},
	},
	{
		name: 'a wrong key is refused at CONNECT',
		async run(world) {
			const device = world.device();
			const wrong = { ...device, key: `${device.key}x` };
			const { code, errors } = await world.publish(wrong, reading({ seq: 1, soc_pct: 1 }));
			equal(refusedCredentials.includes(code ?? 0), true, `${code} ${errors}`);
			deepEqual(await world.storedSocPct(device), []);
		},
	},
	{
		name: 'an unknown device, and one without credentials, are refused at CONNECT',
		async run(world) {
			const unknown = { ...world.device(), deviceId: 'NOBODY-1' };
			const outcome = await world.publish(unknown, reading({ seq: 1 }));
			equal(refusedCredentials.includes(outcome.code ?? 0), true, outcome.errors);
			const topic = telemetryTopic(world.device().deviceId);
			const anonymous = await world.publishAnonymously(topic, reading({ seq: 1 }));
			equal(refusedCredentials.includes(anonymous.code ?? 0), true, anonymous.errors);
		},
	},
	{
		name: "publishing on another device's topic is refused",
		async run(world) {
			const device = world.device();
			const other = world.device();
			const { code } = await world.publish(device, reading({ seq: 1, soc_pct: 2 }), [
				'-t',
				telemetryTopic(other.deviceId),
			]);
			notEqual(code, 0);
			deepEqual(await world.storedSocPct(other), []);
			equal((await world.show(other)).lastHeardAtMs, null);
		},
	},
	{
		name: 'a last will is stored when the connection breaks',
		async run(world) {
			const device = world.device();
			const will = reading({ seq: 2, soc_pct: 33, ignition: false });
			const publisher = world.startPublisher(device, [
				...['--will-topic', telemetryTopic(device.deviceId)],
				...['--will-payload', will, '--will-qos', '1'],
			]);
			publisher.writeLine(reading({ seq: 1, soc_pct: 34 }));
			await world.until('it is connected', async () => (await world.show(device)).socPct === 34);
			deepEqual(await world.storedSocPct(device), [34]);
			publisher.process.kill('SIGKILL');
			await publisher.outcome;
			await world.until('the will is stored', async () =>
				(await world.storedSocPct(device)).includes(33),
			);
		},
	},
	{
		name: 'a retained reading is stored once and not handed out',
		async run(world) {
			const device = world.device();
			const { code } = await world.publish(device, reading({ seq: 1, soc_pct: 66 }), ['-r']);
			equal(code, 0);
			deepEqual(await world.storedSocPct(device), [66]);
			const { output } = await world.subscribe(device, [
				...['-t', telemetryTopic(device.deviceId), '-t', `qd/v1/${device.deviceId}/command`],
				...['-W', '1'],
			]);
			equal(output, '');
			deepEqual(await world.storedSocPct(device), [66]);
		},
	},
	{
		name: 'an array of readings is stored reading by reading',
		async run(world) {
			const device = world.device();
			const atMs = Date.now() - 10_000;
			const readings = [10, 11, 12].map((socPct, index) => ({
				boot: 'b1',
				seq: index + 1,
				at: new Date(atMs + index * 1_000).toISOString(),
				soc_pct: socPct,
			}));
			equal((await world.publish(device, JSON.stringify(readings))).code, 0);
			deepEqual(await world.storedSocPct(device), [10, 11, 12]);
		},
	},
	{
		name: 'a reading sent twice is acknowledged twice and stored once',
		async run(world) {
			const device = world.device();
			const message = reading({ seq: 1, soc_pct: 77 });
			equal((await world.publish(device, message)).code, 0);
			equal((await world.publish(device, message)).code, 0);
			deepEqual(await world.storedSocPct(device), [77]);
		},
	},
	{
		name: 'a body that cannot be read is parked with its bytes, yet acknowledged',
		async run(world) {
			const device = world.device();
			equal((await world.publish(device, '{"soc_pct": 5')).code, 0);
			deepEqual(await world.parkedBodies(device), ['{"soc_pct": 5']);
			deepEqual(await world.storedSocPct(device), []);
		},
	},
	{
		name: 'an impossible value is dropped and the rest of the reading kept',
		async run(world) {
			const device = world.device();
			const message = reading({ seq: 1, soc_pct: 140, lat: 91, lon: 1, speed_kmh: 12 });
			equal((await world.publish(device, message)).code, 0);
			deepEqual(await world.storedSocPct(device), [null]);
			await world.until('the API shows the speed', async () => {
				const row = await world.show(device);
				return row.speedKmh === 12 && row.socPct === null && row.lat === null;
			});
		},
	},
	{
		name: "a device may subscribe to its commands, and to nothing of another's",
		async run(world) {
			const device = world.device();
			const other = world.device();
			const own = await world.subscribe(device, [
				...['-t', `qd/v1/${device.deviceId}/command`, '-q', '1', '-E'],
			]);
			equal(own.code, 0, own.errors);
			for (const filter of [
				`qd/v1/${other.deviceId}/command`,
				telemetryTopic(other.deviceId),
				'qd/v1/+/telemetry',
				'qd/#',
				'#',
			]) {
				const denied = await world.subscribe(device, ['-t', filter, '-q', '1', '-W', '2']);
				match(denied.errors, /denied/, filter);
			}
		},
	},
	{
		name: "a device that asks for everything hears nothing of another's readings",
		async run(world) {
			const device = world.device();
			const other = world.device();
			const filters = ['-t', `qd/v1/${device.deviceId}/command`, '-t', '#', '-t', 'qd/#'];
			let isListening = true;
			const listener = world.subscribe(device, [...filters, '-q', '1', '-W', '3']);
			listener.finally(() => {
				isListening = false;
			});
			let seq = 0;
			while (isListening) {
				seq += 1;
				equal((await world.publish(other, reading({ seq, soc_pct: 88 }))).code, 0);
			}
			equal((await listener).output, '');
			equal((await world.storedSocPct(other)).length, seq);
		},
	},
];

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { telemetryTopic } from '#contract/device-topics.ts';
import { type AnyEndpoint, isAdmitted } from '#contract/endpoint.ts';
import { type Role, roles } from '#contract/roles.ts';
import type { Topic } from '#contract/topic.ts';
import type { RegisteredDevice } from '#modules/products/server/index.ts';
import {
	type DeviceWire,
	packetType,
	publishPacket,
	subscribePacket,
} from '../attack/device-wire.ts';
import { password, Target } from '../attack/target.ts';
import { accountOf, readAccount, settled } from './accounts.ts';
import { readingsIn, resultBody, telemetryBody } from './bodies.ts';
import { overTcp, overWebSocket } from './carriers.ts';
import { endpointCases } from './endpoint-cases.ts';
import { explore, isLong, seed, triedCases } from './exploration.ts';
import { GoodDevices } from './good-devices.ts';
import { addressHeader, httpCases, statusesOf } from './http-cases.ts';
import { askLive } from './live-carrier.ts';
import { liveCases } from './live-cases.ts';
import { countAcknowledged, mqttCases } from './mqtt-cases.ts';
import { osmAndCases } from './osmand-cases.ts';

const declared = Object.values(
	import.meta.glob<Record<string, unknown>>('../../src/modules/*/contract.ts', { eager: true }),
).flatMap((contract) => Object.values(contract));
const endpoints = declared.filter(isEndpoint).sort((a, b) => a.path.localeCompare(b.path));
const topics = declared.filter(isTopic).sort((a, b) => a.name.localeCompare(b.name));

/** What a port may leave in memory: what a garbage collector has not looked at yet. */
const growthMegabytes = 300;
/** The longest that a good device waits for its answer meanwhile. */
const longestAnswerMs = 20_000;
/** Connections of each port that say half a sentence and stay. */
const loiterers = 60;
/** The MQTT connections of the good devices. */
const goodConnections = 2;
const atOnce = 6;

let target: Target;
let bad: RegisteredDevice;
let good: GoodDevices;
let goodOnes: readonly RegisteredDevice[];
let baseMegabytes: number;
let acknowledgedBefore: number[];
const cookies = new Map<Role | null, string>([[null, '']]);
const wires: DeviceWire[] = [];

beforeAll(async () => {
	target = await Target.start({
		LOG_LEVEL: isLong ? 'info' : 'debug',
		DEVICE_MESSAGES_PER_SECOND: '100000',
		// Rows are counted where they were written.
		READINGS_PACK_AFTER_DAYS: '36500',
	});
	const { devices, host, dealerNos, customerNos } = target.harbour;
	bad = devices[0]!;
	goodOnes = devices.slice(8, 12);
	for (const role of roles) {
		const email = await target.newMember(target.harbour, role, {
			...(role === 'dealer' && { dealerNo: dealerNos[0]! }),
			...((role === 'customer' || role === 'b2b') && { customerNos: [customerNos[0]!] }),
		});
		cookies.set(role, await target.signIn(email, host));
	}
	await target.query('update device set osmand_allowed = true where device_no = $1', [
		bad.deviceNo,
	]);
	good = await GoodDevices.start(target, goodOnes);
	await loiter();
	await vi.waitFor(() => expect(good.acknowledged.every((count) => count > 10)).toBe(true), 60_000);
	baseMegabytes = await target.residentMegabytes();
});

afterAll(async () => {
	for (const wire of wires) wire.break();
	await good.stop();
	const { FUZZ_REPORT } = process.env;
	if (FUZZ_REPORT !== undefined)
		writeFileSync(FUZZ_REPORT, JSON.stringify({ seed, cases: Object.fromEntries(triedCases) }));
	await target.close();
});

beforeEach(() => {
	acknowledgedBefore = good.acknowledged;
});

/** After each port: the server lives, has failed at nothing, forgets what has gone, and the good ones went on. */
afterEach(async () => {
	expect(target.isRunning, lastWords()).toBe(true);
	expect(await target.complaintsUntilNow()).toEqual([]);
	await settled(target, goodConnections + loiterersSignedIn);
	const before = acknowledgedBefore;
	await vi.waitFor(
		() => expect(good.acknowledged.every((count, way) => count > (before[way] ?? 0))).toBe(true),
		longestAnswerMs,
	);
	expect(good.slowestMs).toBeLessThan(longestAnswerMs);
	await vi.waitFor(
		async () =>
			expect(await target.residentMegabytes()).toBeLessThan(baseMegabytes + growthMegabytes),
		{ timeout: 60_000, interval: 250 },
	);
});

const loiterersSignedIn = 0;

/** Slow loris on each port: half a packet, half a head of a request, half a body. */
async function loiter(): Promise<void> {
	const halves: readonly [number, string][] = [
		[target.mqttPort, '\x10\x7f\0\x04MQ'],
		[Number(target.url.port), 'POST /api/session HTTP/1.1\r\nHost: a\r\nX-'],
		[
			Number(target.url.port),
			'POST /api/setup HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n{',
		],
		[target.osmandPort, 'GET /?id='],
	];
	const { DeviceWire } = await import('../attack/device-wire.ts');
	for (const [port, half] of halves)
		for (let count = 0; count < loiterers; count++) {
			const wire = await DeviceWire.open(port);
			wire.send(Buffer.from(half, 'latin1'));
			wires.push(wire);
		}
}

function lastWords(): string {
	return target.said().slice(-2_000);
}

/** What the log says of failed requests, for whoever reads that there was one. */
function failuresLogged(): string {
	return target.complaints().slice(-5).join('\n') || lastWords();
}

function inGroups<Case>(one: fc.Arbitrary<Case>): fc.Arbitrary<Case[]> {
	return fc.array(one, { minLength: atOnce, maxLength: atOnce });
}

const budget = (runs: number, share: number) => ({ runs, share });

test('telemetry is stored, left out and counted, or set aside whole', async () => {
	const wire = await target.connect(bad);
	const topic = `/devices/v1/${bad.deviceId}/telemetry`;
	const cases = fc.record({ body: telemetryBody, way: fc.constantFrom('MQTT', 'HTTP') });
	await explore('telemetry', cases, budget(250, 0.25), async ({ body, way }) => {
		const { answer, account } = await accountOf(target, [bad], async () =>
			way === 'MQTT' ? wire.publish(bad.deviceId, body) : post(topic, body),
		);
		const { stored, dropped, parked } = account;
		const readings = readingsIn(body);
		const isSetAside = parked === 1 && stored + dropped === 0;
		const isTaken = readings !== null && parked === 0 && stored + dropped === readings;
		expect(isSetAside || isTaken, JSON.stringify({ account, readings, answer })).toBe(true);
		if (readings === null) expect(isSetAside).toBe(true);
		expect(answer).toBe(way === 'MQTT' ? true : isSetAside ? 400 : 202);
	});
	wire.break();
});

test('answers to commands that nobody gave are counted or set aside', async () => {
	const commandId = fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/);
	const cases = fc.record({ body: resultBody, commandId });
	await explore('results', cases, budget(60, 0.05), async (one) => {
		const path = `/devices/v1/${bad.deviceId}/commands/${one.commandId}/result`;
		const { answer, account } = await accountOf(target, [bad], () => post(path, one.body));
		expect(account).toEqual(
			answer === 202 ? { stored: 0, dropped: 1, parked: 0 } : { stored: 0, dropped: 0, parked: 1 },
		);
		expect([202, 400]).toContain(answer);
	});
});

test('MQTT packets of any kind end in an acknowledged message or the end of the connection', async () => {
	const { deviceId } = target.island.devices[0]!;
	const cases = inGroups(mqttCases(bad, deviceId));
	await explore('mqtt', cases, budget(70, 0.2), async (group) => {
		const before = await readAccount(target, target.harbour.devices.slice(0, 1));
		const all = await Promise.all(
			group.map(({ pieces, ending }) =>
				overTcp(
					target.mqttPort,
					withGoodbye(pieces, ending),
					ending === 'break' ? 'break' : 'finish',
					ownAddress(),
				),
			),
		);
		await settled(target, goodConnections);
		await accountsFor(
			before,
			all.map(({ received }) => countAcknowledged(received)),
		);
	});
	expect(await strangersReadings()).toBe(0);
});

test('MQTT over WebSocket is no other', async () => {
	const { deviceId } = target.island.devices[0]!;
	const url = `${target.url.origin.replace('http', 'ws')}/mqtt`;
	await explore(
		'mqtt over websocket',
		inGroups(mqttCases(bad, deviceId)),
		budget(30, 0.1),
		async (group) => {
			const before = await readAccount(target, [bad]);
			const all = await Promise.all(
				group.map(({ pieces, ending, asText }) =>
					overWebSocket(url, withGoodbye(pieces, ending), {
						ending: ending === 'break' ? 'break' : 'finish',
						asText,
					}),
				),
			);
			await settled(target, goodConnections);
			await accountsFor(
				before,
				all.map(({ received }) => countAcknowledged(received)),
			);
		},
	);
	expect(await strangersReadings()).toBe(0);
});

test('a hundred thousand topics and filters fill no memory', async () => {
	const count = isLong ? 100_000 : 20_000;
	const wire = await target.connect(bad);
	const { account } = await accountOf(target, [bad], async () => {
		for (let place = 0; place < count; place++) {
			const topic = `qd/v1/${bad.deviceId}/command/${place}/result`;
			wire.send(publishPacket(topic, Buffer.from('{"status":"DONE"}'), 1, (place % 0xffff) + 1));
			if (place % 1_000 === 999)
				for (let answers = 0; answers < 1_000; answers++)
					expect(await wire.receive(packetType.puback)).not.toBeNull();
		}
	});
	expect(account).toEqual({ stored: 0, dropped: count, parked: 0 });
	for (let packet = 0; packet < count / 1_000; packet++) {
		const filters = Array.from({ length: 1_000 }, (_, place) => `t/${packet}/${place}`);
		wire.send(subscribePacket(packet + 1, filters));
		const granted = (await wire.receive(packetType.suback))?.body.subarray(2);
		expect(granted?.every((code) => code === 0x80)).toBe(true);
	}
	wire.break();
});

test('HTTP byte by byte is answered or ended, and never fails', async () => {
	const { deviceId } = bad;
	const paths = [
		'/',
		'/health',
		'/mqtt',
		'/api/live',
		'/api/session',
		'/api/portal',
		'/api/setup',
		'/api/auth/sign-in/email',
		'/api/auth/sign-out',
		'/api/docs',
		'/api/openapi.json',
		'/api/fleet/devices',
		'/api/preferences/fuzz',
		'/assets',
		`/devices/v1/${deviceId}/telemetry`,
		`/devices/v1/${deviceId}/commands/1/result`,
		`/devices/v1/${deviceId}/commands?wait=1`,
	];
	const headers = [`Authorization: Bearer ${bad.key}`, `Cookie: ${cookies.get('admin')}`];
	const cases = inGroups(httpCases(paths, headers));
	await explore('http', cases, budget(90, 0.15), async (group) => {
		await Promise.all(
			group.map(async ({ pieces, isWhole }) => {
				const ending = isWhole ? 'wait' : 'finish';
				const { received } = await overTcp(Number(target.url.port), pieces, ending);
				isAnswered(statusesOf(received), isWhole);
			}),
		);
	});
});

test('the OsmAnd port byte by byte is answered or ended, and never fails', async () => {
	const paths = ['/', '?id=1', `/?id=${bad.deviceId}&key=${bad.key}`, '/a/b'];
	const cases = inGroups(httpCases(paths, ['Accept: text/plain']));
	await explore('osmand bytes', cases, budget(30, 0.05), async (group) => {
		await Promise.all(
			group.map(async ({ pieces, isWhole }) => {
				const ending = isWhole ? 'wait' : 'finish';
				const { received } = await overTcp(target.osmandPort, pieces, ending, ownAddress());
				isAnswered(statusesOf(received), isWhole);
			}),
		);
	});
});

test('what OsmAnd reports is stored, left out and counted, set aside, or refused', async () => {
	await explore('osmand', osmAndCases(bad), budget(200, 0.1), async (one) => {
		const { answer, account } = await accountOf(target, [bad], async () => {
			const head = [
				`${one.method} ${one.address} HTTP/1.1`,
				'Host: localhost',
				'Connection: close',
				`Content-Length: ${Buffer.byteLength(one.body)}`,
				...(one.contentType === null ? [] : [`Content-Type: ${one.contentType}`]),
			];
			const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${one.body}`);
			const { received } = await overTcp(
				target.osmandPort,
				[bytes],
				'finish when answered',
				ownAddress(),
			);
			return statusesOf(received)[0];
		});
		const { stored, dropped, parked } = account;
		expect([200, 400], failuresLogged()).toContain(answer);
		if (answer === 200) expect([stored + dropped > 0, parked]).toEqual([true, 0]);
		else expect([stored + dropped, parked <= 1]).toEqual([0, true]);
	});
});

/** Without the topics of another's device that a device here was made to name as its last will. */
function withoutOwnWords(text: string): string {
	return text.replaceAll(telemetryTopic(target.island.devices[0]!.deviceId), '');
}

test('every declared endpoint answers every role whatever it is asked', async () => {
	const known = [
		bad.deviceId,
		target.island.devices[0]!.deviceId,
		String(bad.deviceNo),
		String(target.island.devices[0]!.deviceNo),
		'harbour',
		'1',
		'2',
		'Confirm',
		'grid.fleet',
	];
	let asked = 0;
	await explore('endpoints', endpointCases(endpoints, known), budget(700, 0.15), async (one) => {
		asked++;
		const [name = '', address = ''] = addressHeader(asked % 0xffffff).split(': ');
		const answer = await target.ask(one.path, {
			method: one.endpoint.method,
			host: target.harbour.host,
			cookie: cookies.get(one.role) ?? '',
			headers: { [name]: address },
			...(one.body !== null && { body: one.body }),
		});
		const said = JSON.stringify({ status: answer.status, text: answer.text.slice(0, 500) });
		expect(answer.status, `${said}\n${failuresLogged()}`).toBeLessThan(500);
		// An address or a body that cannot be read is refused before anybody asks who sent it.
		if (!isAdmitted(one.endpoint.admits, one.role))
			expect([400, 401, 403, 404, 413, 415], said).toContain(answer.status);
		if (answer.status >= 400) expect(JSON.parse(answer.text)).toHaveProperty('code');
		else expect(withoutOwnWords(answer.text), 'another organization').not.toContain('island');
	});
});

test('the live connection answers or closes whatever it is sent', async () => {
	const known = [bad.deviceId, bad.deviceNo, target.island.devices[0]!.deviceNo, -1, 0, 2 ** 31];
	// 1006: what was still on its way to a connection that ended has overtaken the reason.
	const endings = ['answered', 1003, 1006, 1007, 1008, 1009];
	const cases = fc.record({ role: fc.constantFrom(...roles), frames: liveCases(topics, known) });
	await explore('live', cases, budget(150, 0.05), async ({ role, frames }) => {
		const live = target.openLive({ host: target.harbour.host, cookie: cookies.get(role) ?? '' });
		expect(endings).toContain(await askLive(live, frames));
	});
});

test('thousands of subscriptions on one live connection are refused', async () => {
	const live = target.openLive({ host: target.harbour.host, cookie: cookies.get('admin') ?? '' });
	const frames = Array.from({ length: 5_000 }, (_, place) => ({
		data: Buffer.from(
			`{"type":"subscribe","subscription":${place + 1},"topic":"fleet.counts","params":{}}`,
		),
		isBinary: false,
	}));
	expect(await askLive(live, frames)).toBe(1008);
});

test('frames that are no WebSocket end the connection', async () => {
	const cookie = cookies.get('admin') ?? '';
	const head = [
		'GET /api/live HTTP/1.1',
		`Host: ${target.harbour.host}`,
		`Cookie: ${cookie}`,
		'Upgrade: websocket',
		'Connection: Upgrade',
		'Sec-WebSocket-Version: 13',
		'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
		'',
		'',
	].join('\r\n');
	const frames = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
	await explore('live frames', inGroups(frames), budget(20, 0.05), async (group) => {
		await Promise.all(
			group.map(async (frame) => {
				const pieces = [Buffer.from(head), frame];
				const { received } = await overTcp(
					Number(target.url.port),
					pieces,
					'finish when answered',
					ownAddress(),
				);
				expect(received.toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
			}),
		);
	});
});

test('what good devices heard acknowledged is stored, once', async () => {
	for (const { way, device, acknowledged } of await good.stop())
		expect([way, await target.kept(device)]).toEqual([way, { stored: acknowledged, parked: 0 }]);
	good = await GoodDevices.start(target, target.harbour.devices.slice(4, 8));
	acknowledgedBefore = good.acknowledged;
	await vi.waitFor(() => expect(good.acknowledged.every((count) => count > 0)).toBe(true), 60_000);
});

test('the log holds no key, password or session', async () => {
	const tokens = [...cookies.values()].flatMap((cookie) => cookie.split('=').slice(1));
	const keys = [...target.harbour.devices, ...target.island.devices].map(({ key }) => key);
	const secrets = [password, ...keys, ...tokens.map(decodeURIComponent), ...tokens]
		.map((secret) => secret.split('.')[0] ?? '')
		.filter((secret) => secret !== '');
	const said = await target.saidUntilNow();
	for (const secret of secrets) {
		const bytes = Buffer.from(secret);
		const forms = [secret, bytes.toString('base64'), bytes.toString('hex'), bytes.join(',')];
		for (const form of forms)
			expect(said.includes(form), createHash('sha256').update(form).digest('hex')).toBe(false);
	}
});

/** Posts as the bad device. @returns the status */
async function post(path: string, body: Buffer): Promise<number> {
	const answer = await fetch(new URL(path, target.url), {
		method: 'POST',
		headers: { authorization: `Bearer ${bad.key}` },
		body: new Uint8Array(body),
	});
	expect(answer.status, failuresLogged()).toBeLessThan(500);
	await answer.arrayBuffer();
	return answer.status;
}

/** Sees that what was acknowledged is stored, counted or set aside. */
async function accountsFor(
	before: Awaited<ReturnType<typeof readAccount>>,
	acknowledged: readonly number[],
): Promise<void> {
	const sum = acknowledged.reduce((total, count) => total + count, 0);
	const after = await readAccount(target, [bad]);
	const accounted =
		after.stored + after.dropped + after.parked - before.stored - before.dropped - before.parked;
	expect(accounted).toBeGreaterThanOrEqual(sum);
}

async function strangersReadings(): Promise<number> {
	const stranger = target.island.devices[0]!;
	const { stored, parked } = await target.kept(stranger);
	return stored + parked;
}

function isAnswered(statuses: readonly number[], isWhole: boolean): void {
	// 501 and 505 are what a parser says of methods and versions.
	const failures = statuses.filter((status) => status >= 500 && status !== 501 && status !== 505);
	expect(failures, failuresLogged()).toEqual([]);
	if (isWhole) expect(statuses.length).toBeGreaterThan(0);
}

function withGoodbye(pieces: readonly Buffer[], ending: string): Buffer[] {
	return ending === 'disconnect' ? [...pieces, Buffer.from([0xe0, 0])] : [...pieces];
}

let lastAddress = 0;
/** Each connection comes from an address of its own, so that the limits of one do not slow the next. */
function ownAddress(): string {
	lastAddress = (lastAddress % 0xfffe) + 1;
	if (process.platform !== 'linux') return '127.0.0.1';
	return `127.1.${lastAddress >> 8}.${lastAddress & 0xff}`;
}

function isEndpoint(value: unknown): value is AnyEndpoint {
	return typeof value === 'object' && value !== null && 'admits' in value && 'path' in value;
}

function isTopic(value: unknown): value is Topic {
	return typeof value === 'object' && value !== null && 'admits' in value && 'message' in value;
}

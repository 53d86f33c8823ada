import { once } from 'node:events';
import { betterAuth } from 'better-auth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RawData } from 'ws';
import { z } from 'zod';
import { type AnyEndpoint, type EndpointReply, isAdmitted } from '#contract/endpoint.ts';
import { liveMessageSchema } from '#contract/live.ts';
import { readSnapshot } from '#contract/position-record.ts';
import type { StatusCounts } from '#contract/status.ts';
import { rowsHeader } from '#contract/workbook.ts';
import { authBasePath, showPortal, showSignInPolicy } from '#modules/access/contract.ts';
import { listCustomers, listDealers } from '#modules/customers/contract.ts';
import { listFleet, listVehicles } from '#modules/fleet/contract.ts';
import { listLocationRows } from '#modules/locations/contract.ts';
import { showMapRegions, showMapSnapshot } from '#modules/map/contract.ts';
import { listRegisteredDevices } from '#modules/products/contract.ts';
import { listPublicDevices, showFleetSummary, showMe } from '#modules/public-api/contract.ts';
import { endpoints, topics } from './harness/declared.ts';
import { unzip } from './harness/workbook.ts';
import { betrayalOf } from './walk/betrayal.ts';
import { canaryOf, numbersOf, type Realm, realms } from './walk/realms.ts';
import {
	isAcrossOrganizations,
	isRefusedAnyway,
	namesFormerDevices,
	topicParams,
	type Way,
	waysOf,
} from './walk/recipes.ts';
import { type Answer, type Asked, host, type Reader, reportedSocPct, World } from './walk/world.ts';

const { own, nowhere } = realms;
const foreignRealms = Object.values(realms).filter((realm) => realm !== own && realm !== nowhere);

/** More would wait for a connection to the database for longer than a slow server lets them. */
const readsAtOnce = 16;

let world: World;
let rowsBefore: ReadonlyMap<Realm, readonly string[]>;

beforeAll(async () => {
	world = await World.start();
	rowsBefore = await allRows();
}, 300_000);
afterAll(() => world.close());

async function allRows(): Promise<ReadonlyMap<Realm, readonly string[]>> {
	const rows = new Map<Realm, readonly string[]>();
	for (const realm of foreignRealms) rows.set(realm, await world.rowsOf(realm));
	return rows;
}

test('there is something of everything in every realm', () => {
	for (const [realm, rows] of rowsBefore) expect(rows.length, realm.name).toBeGreaterThan(2);
});

test('how one signs in is told as the own organization has decided it', async () => {
	const policy = { requiresSecondFactor: false, allowsPassword: true };
	const { method, admits } = showSignInPolicy;
	for (const reader of world.readers.filter(({ token }) => token === undefined)) {
		const told = async (path: string) => {
			const { body } = await world.ask(reader, { method, path });
			return [reader.name, JSON.parse(body.toString())];
		};
		const { allowsPassword } = policy;
		expect(await told(showPortal.path)).toMatchObject([
			reader.name,
			{ provider: null, allowsPassword },
		]);
		const isWhole = !reader.foreign.includes(realms.house);
		if (reader.isMember && isWhole && isAdmitted(admits, reader.role))
			expect(await told(showSignInPolicy.path)).toMatchObject([reader.name, { policy }]);
	}
});

// Before the walk, which may take longer than a device is live.
test('every reader is told how many devices and customers it has, and of no more', async () => {
	const counted: Counted[] = [
		['devices', listFleet, (reply) => totalSchema.parse(reply).total],
		['devices', listFleet, (reply) => sumOf(listFleet.reply.parse(reply).counts)],
		['devices', listVehicles, (reply) => sumOf(listVehicles.reply.parse(reply).counts)],
		['devices', listRegisteredDevices, (reply) => totalSchema.parse(reply).total],
		['devices', showMapRegions, (reply) => devicesIn(showMapRegions.reply.parse(reply))],
		['devices', showFleetSummary, (reply) => totalSchema.parse(reply).total],
		['devices', showFleetSummary, (reply) => sumOf(showFleetSummary.reply.parse(reply).statuses)],
		['devices', showFleetSummary, (reply) => showFleetSummary.reply.parse(reply).live],
		['devices', showMe, (reply) => showMe.reply.parse(reply).scope.devices],
		['devices', listPublicDevices, (reply) => listPublicDevices.reply.parse(reply).devices.length],
		['devices', listCustomers, (reply) => sumIn(listCustomers.reply.parse(reply), 'devices')],
		['customers', listCustomers, (reply) => totalSchema.parse(reply).total],
		['devices', listDealers, (reply) => sumIn(listDealers.reply.parse(reply), 'devices')],
		['customers', listDealers, (reply) => sumIn(listDealers.reply.parse(reply), 'customers')],
		['devices', listLocationRows, (reply) => sumIn(listLocationRows.reply.parse(reply), 'devices')],
		[
			'customers',
			listLocationRows,
			(reply) => sumIn(listLocationRows.reply.parse(reply), 'customers'),
		],
	];
	const faults: string[] = [];
	for (const reader of world.readers)
		for (const [what, { method, path, admits, tokens }, count] of counted) {
			const takesThem = reader.token === undefined || tokens !== undefined;
			if (!reader.isMember || !takesThem || !isAdmitted(admits, reader.role)) continue;
			const { body } = await world.ask(reader, { method, path });
			const told = count(JSON.parse(body.toString()));
			if (told !== reader[what])
				faults.push(`${reader.name}, ${path}: ${told} instead of ${reader[what]} ${what}`);
		}
	expect(faults).toEqual([]);
	for (const reader of world.readers.filter(({ isMember, token }) => isMember && !token)) {
		const { body } = await world.ask(reader, { method: 'GET', path: showMapSnapshot.path });
		const { deviceNos } = readSnapshot(Uint8Array.from(body).buffer);
		expect([reader.name, deviceNos.length]).toEqual([reader.name, reader.devices]);
	}
});

test.each(endpoints.map((endpoint) => ({ endpoint, name: `${endpoint.method} ${endpoint.path}` })))(
	'$name',
	async ({ endpoint }) => {
		const ways = waysOf(endpoint);
		const faults: string[] = [];
		const walks = world.readers.flatMap((reader) => ways.map((way) => () => walk(reader, way)));
		const isRead = endpoint.method === 'GET' && !endpoint.path.includes('export');
		// What changes something goes one by one, and of downloads the server makes only so many at once.
		const left = walks.values();
		const goOn = async (): Promise<void> => {
			for (const each of left) faults.push(...(await each()));
		};
		await Promise.all(Array.from({ length: isRead ? readsAtOnce : 1 }, goOn));
		expect(faults).toEqual([]);
	},
);

/** Asks for own, foreign and no things. @returns what is wrong with the answers */
async function walk(whoever: Reader, way: Way): Promise<string[]> {
	const seesAll = whoever.role === 'super_admin' && isAcrossOrganizations(way.endpoint);
	const reader: Reader = seesAll ? { ...whoever, foreign: [] } : whoever;
	const faults: string[] = [];
	const { admits, tokens } = way.endpoint;
	const takesThem = reader.token === undefined || tokens !== undefined;
	const isRefused =
		!takesThem || !isAdmitted(admits, reader.role) || isRefusedAnyway(way.endpoint, reader);
	const isWrite = way.endpoint.method !== 'GET';

	async function ask(realm: Realm): Promise<Answer | null> {
		const asked = way.asked(world.thingsFor(reader, realm), world.thingsFor(reader, own));
		if (asked === null) return null;
		const answer = await world.ask(reader, asked);
		const complain = (what: string) =>
			faults.push(`${reader.name}, ${way.name} of ${realm.name}: ${what} (${answer.status})`);
		for (const foreign of reader.foreign) {
			const betrayal = betrayalOf(foreign, heardIn(answer, way, asked, realm), isText(answer));
			if (betrayal !== null) complain(`tells of ${foreign.name}: ${betrayal}`);
			const beside = betrayalOf(foreign, Buffer.from(JSON.stringify(answer.headers)), true);
			if (beside !== null) complain(`tells of ${foreign.name} in its headers: ${beside}`);
		}
		if (answer.status >= 500) complain('fails');
		if (isRefused && answer.status !== refusalOf(reader, way)) complain('is not refused');
		return answer;
	}

	const nothing = way.claims ? null : await ask(nowhere);
	const ours = isWrite && !isRefused ? null : await ask(own);
	if (ours !== null && !isRefused && reader.isMember)
		for (const what of wrongWithOwn(ours))
			faults.push(`${reader.name}, ${way.name} of own: ${what}`);
	if (way.claims) for (const foreign of reader.foreign) await ask(foreign);
	if (nothing === null) return faults;
	if (!isRefused && reader.isMember && nothing.status === 400 && !way.isWrong)
		faults.push(
			`${reader.name}, ${way.name}: the recipe does not fit: ${nothing.body.toString().slice(0, 300)}`,
		);
	for (const foreign of reader.foreign) {
		if (foreign === nowhere || !namesOthers(way, reader, foreign)) continue;
		const theirs = await ask(foreign);
		if (theirs === null) continue;
		if (way.isInPath && !isRefused && reader.isMember && ![403, 404].includes(theirs.status))
			faults.push(`${reader.name}, ${way.name} of ${foreign.name}: answers ${theirs.status}`);
		const [expected, found] = [written(nothing, nowhere), written(theirs, foreign)];
		if (expected !== found)
			faults.push(
				`${reader.name}, ${way.name} of ${foreign.name}: differs from what there is not:\n${difference(found, expected)}`,
			);
	}
	return faults;
}

/** Whether a request is another one for a foreign realm than for none. */
function namesOthers(way: Way, reader: Reader, foreign: Realm): boolean {
	const mine = world.thingsFor(reader, own);
	const [none, theirs] = [nowhere, foreign].map((realm) => way.asked(world.thingsOf(realm), mine));
	return JSON.stringify(none) !== JSON.stringify(theirs);
}

/** What an answer tells somebody that may be a secret. */
function heardIn({ body }: Answer, way: Way, asked: Asked, realm: Realm): Buffer {
	// What somebody claims is named in the answer; that it is taken is all that is told.
	if (way.claims || way.isEchoed) return withoutClaim(body, asked, realm);
	if (!namesFormerDevices(way)) return body;
	const deviceId = String(world.thingsOf(realms.formerlyOwned).deviceId);
	return Buffer.from(body.toString('latin1').replaceAll(`"deviceId":"${deviceId}"`, ''), 'latin1');
}

function withoutClaim(body: Buffer, { body: sent }: Asked, { canary }: Realm): Buffer {
	const claimed = new RegExp(`"(${canary}[\\w.-]*)"`).exec(sent?.text ?? '')?.[1];
	const text = body.toString('latin1');
	return Buffer.from(claimed === undefined ? text : text.replaceAll(claimed, ''), 'latin1');
}

/** Status by which somebody hears that an endpoint is not for them. */
function refusalOf(reader: Reader, { endpoint }: Pick<Way, 'endpoint'>): number {
	const takesTokens = endpoint.tokens !== undefined;
	return reader.name === 'nobody' || (reader.token !== undefined && !takesTokens) ? 401 : 403;
}

const listSchema = z.object({ rows: z.array(z.unknown()), total: z.int() });

/** What is wrong with the answer to somebody who asks for what is theirs. */
function wrongWithOwn({ status, type, headers, body }: Answer): string[] {
	if (status !== 200) return [`answers ${status}: ${body.toString().slice(0, 300)}`];
	if (type.includes('spreadsheet')) {
		const rows = rowsIn(body);
		return headers[rowsHeader] === String(rows)
			? []
			: [`has ${rows} rows and says ${headers[rowsHeader]}`];
	}
	if (!type.includes('json')) return [];
	const list = listSchema.safeParse(JSON.parse(body.toString())).data;
	if (list === undefined || list.rows.length === list.total) return [];
	return [`shows ${list.rows.length} of ${list.total}`];
}

/** Rows of a workbook's sheet below the titles. */
function rowsIn(workbook: Buffer): number {
	const sheet = unzip(workbook).get('xl/worksheets/sheet1.xml') ?? '';
	return [...sheet.matchAll(/<row\b/g)].length - 1;
}

function isText({ type }: Answer): boolean {
	return /json|text|csv/.test(type);
}

/** An answer with what changes from one to the next made alike, and the asked realm's names as well. */
function written(answer: Answer, realm: Realm): string {
	const text = `${JSON.stringify(answer.headers)} ${contentOf(answer)}`
		.replace(/"requestId":"[^"]*"/g, '"requestId":""')
		.replace(/"(asOfMs|nowMs)":[\d.]+/g, '"$1":0')
		.replace(canaryOf(realm, 'g'), 'zq')
		.replace(numbersOf(realm, 'g'), '0');
	return `${answer.status} ${text}`;
}

function contentOf({ type, body }: Answer): string {
	if (type.includes('spreadsheet')) return [...unzip(body).values()].join('\n');
	// A snapshot of the map says at what time it was made.
	const bytes = type.includes('octet-stream') ? Buffer.from(body).fill(0, 8, 16) : body;
	return bytes.toString('latin1');
}

function difference(found: string, expected: string): string {
	let at = 0;
	while (at < found.length && found[at] === expected[at]) at++;
	const part = (text: string) => text.slice(Math.max(0, at - 80), at + 160);
	return `${part(found)}\ninstead of\n${part(expected)}`;
}

type Counted = readonly ['devices' | 'customers', AnyEndpoint, (reply: unknown) => number];

const totalSchema = z.object({ total: z.int() });

function sumIn<Name extends string>(
	{ rows }: { readonly rows: readonly Readonly<Record<Name, number>>[] },
	name: Name,
): number {
	return rows.reduce((sum, row) => sum + row[name], 0);
}

function sumOf(counts: StatusCounts): number {
	return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function devicesIn({ countries, elsewhere }: EndpointReply<typeof showMapRegions>): number {
	const cities = countries.flatMap(({ states }) => states.flatMap((state) => state.cities));
	return [elsewhere, ...cities.map(({ counts }) => counts)].reduce(
		(sum, counts) => sum + sumOf(counts),
		0,
	);
}

test('of the routes that come with the sign-in, only those in use answer', async () => {
	const { api } = betterAuth({ secret: 'x'.repeat(32), baseURL: `http://${host}` });
	const paths = new Set(Object.values(api).flatMap(({ path }) => path ?? []));
	expect(paths.size).toBeGreaterThan(20);
	const offered = ['/sign-in/email', '/sign-out'];
	const body = { type: 'application/json', text: '{}' };
	for (const reader of world.readers.filter(({ name }) => ['Admin', 'nobody'].includes(name)))
		for (const path of [...paths, '/sign-in/email/', '/sign-in/email?x', '//sign-out', '/none'])
			for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
				if (method === 'POST' && offered.includes(path)) continue;
				const asked = { method, path: `${authBasePath}${path}`, ...(method !== 'GET' && { body }) };
				const { status } = await world.ask(reader, asked);
				expect([reader.name, method, path, status]).toEqual([reader.name, method, path, 404]);
			}
});

test('nothing of any foreign realm was changed by whoever tried', async () => {
	const after = await allRows();
	for (const [realm, rows] of rowsBefore) expect(after.get(realm), realm.name).toEqual(rows);
});

interface Subscription {
	readonly topic: string;
	readonly realm: Realm;
	/** Messages under its number, with what is another one's own made alike. */
	readonly heard: string[];
}

/** Every topic for the things of every realm that has some. */
function subscriptionsOf(reader: Reader): (Subscription & { readonly params: unknown })[] {
	return topics.flatMap(({ name, params }) => {
		const asked = [own, nowhere, ...reader.foreign].map((realm) => ({
			topic: name,
			realm,
			heard: [],
			params: topicParams(name, params, world.thingsOf(realm)),
		}));
		return asked.filter((each) => each.params !== null);
	});
}

test('live topics are silent about everything foreign, also while it reports', async () => {
	const faults: string[] = [];
	const listening = world.readers.filter(({ isMember, token }) => isMember && token === undefined);
	const ears = await Promise.all(listening.map((reader) => listen(reader, faults)));
	await world.moveAround(realms.formerlyOwned);
	// What is foreign reports first: who hears of the own device has been spared the others.
	for (const realm of foreignRealms) await world.report(realm);
	await world.report(own);
	await Promise.all(ears.map((ear) => ear.ownReported));
	for (const { reader, subscriptions, close } of ears) {
		close();
		for (const { topic, realm, heard } of subscriptions) {
			if (realm === own || realm === nowhere) continue;
			const nothing = subscriptions.find((each) => each.topic === topic && each.realm === nowhere);
			if (nothing !== undefined && nothing.heard.join() !== heard.join())
				faults.push(
					`${reader.name}, ${topic} of ${realm.name}: ${heard.join()} instead of ${nothing.heard.join()}`,
				);
		}
	}
	expect(faults).toEqual([]);
});

/** Subscribes to everything and notes what must not be heard. */
async function listen(reader: Reader, faults: string[]) {
	const subscriptions = subscriptionsOf(reader);
	const socket = world.openLive(reader);
	const answered = Promise.withResolvers<void>();
	const ownReported = Promise.withResolvers<void>();
	socket.on('message', (data: RawData, isBinary: boolean) => {
		const bytes = Buffer.isBuffer(data) ? data : Buffer.from(String(data));
		for (const foreign of reader.foreign) {
			// A binary frame begins with its subscription.
			const betrayal = betrayalOf(foreign, isBinary ? bytes.subarray(4) : bytes, !isBinary);
			if (betrayal !== null) faults.push(`${reader.name} hears of ${foreign.name}: ${betrayal}`);
		}
		if (isBinary) return;
		const message = liveMessageSchema.parse(JSON.parse(bytes.toString()));
		if (message.type === 'beat') return;
		const subscription = subscriptions[message.subscription - 1];
		if (subscription === undefined) return answered.resolve();
		const { realm, topic, heard } = subscription;
		if (realm === own && topic === 'fleet.rows' && message.type === 'message') {
			const isReported = bytes.includes(`"socPct":${reportedSocPct}`);
			if (isReported) ownReported.resolve();
		}
		// Counts and whole maps are the same whatever is asked, and change with the own device.
		const text = JSON.stringify({ ...message, subscription: 0 });
		if (message.type === 'refused' || Object.keys(Object(subscription.params)).length > 0)
			heard.push(text.replace(canaryOf(realm, 'g'), 'zq').replace(numbersOf(realm, 'g'), '0'));
	});
	await once(socket, 'open');
	const subscribe = (subscription: number, topic: string, params: unknown) =>
		socket.send(JSON.stringify({ type: 'subscribe', subscription, topic, params }));
	for (const [place, { topic, params }] of subscriptions.entries())
		subscribe(place + 1, topic, params);
	// Subscriptions are answered in their order; there is no such topic.
	subscribe(subscriptions.length + 1, 'none', {});
	await answered.promise;
	return { reader, subscriptions, ownReported: ownReported.promise, close: () => socket.close() };
}

test('who is no member of the organization opens no live connection', async () => {
	for (const reader of world.readers.filter(({ isMember }) => !isMember)) {
		const socket = world.openLive(reader);
		const [, response] = await once(socket, 'unexpected-response');
		expect([reader.name, response.statusCode]).toEqual([
			reader.name,
			reader.role === null && reader.cookie === '' ? 401 : 403,
		]);
		socket.terminate();
	}
});

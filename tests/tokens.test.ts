import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import type { AnyEndpoint } from '#contract/endpoint.ts';
import { livePath } from '#contract/live.ts';
import type { Role } from '#contract/roles.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { assignDevice, registerDevices } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';
import { until } from './harness/until.ts';

const password = 'a sentence works well';
/** A token is known for two seconds, and the machine may be busy. */
const patienceMs = 30_000;

/** Dealers and customers by name. */
const dealers = ['north', 'south'] as const;
const customers = ['lotus', 'monsoon'] as const;
type Dealer = (typeof dealers)[number];
type Customer = (typeof customers)[number];

/** Devices of the organization with whom they belong to; `FORMER` was the first pair's once. */
const devices = {
	'N-LOTUS': ['north', 'lotus'],
	'N-MONSOON': ['north', 'monsoon'],
	'S-LOTUS': ['south', 'lotus'],
	'S-MONSOON': ['south', 'monsoon'],
	FORMER: ['south', 'monsoon'],
} as const satisfies Record<string, readonly [Dealer, Customer]>;
type DeviceId = keyof typeof devices;
const deviceIds = Object.keys(devices) as DeviceId[];

/** Members, by the first part of their e-mail. */
const members = {
	super: { role: 'super_admin' },
	admin: { role: 'admin' },
	operation: { role: 'operation' },
	b2b: { role: 'b2b', customers: ['lotus'] },
	north: { role: 'dealer', dealer: 'north' },
	colleague: { role: 'dealer', dealer: 'north' },
	south: { role: 'dealer', dealer: 'south' },
	lotus: { role: 'customer', customers: ['lotus'] },
	monsoon: { role: 'customer', customers: ['monsoon'] },
} as const satisfies Record<
	string,
	{ role: Role; dealer?: Dealer; customers?: readonly Customer[] }
>;
type Member = keyof typeof members;

let db: TestDatabase;
let folder: TestFolder;
let product: RunningProduct;
let organizationNo: number;
let foreignNo: number;
const dealerNos = new Map<Dealer, number>();
const customerNos = new Map<string, number>();
const deviceNos = new Map<string, number>();
const keys = new Map<string, string>();
const userIds = new Map<string, string>();
const cookies = new Map<string, string>();

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	await populate();
	await start();
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

async function start(): Promise<void> {
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	cookies.clear();
}

async function populate(): Promise<void> {
	const { database } = db;
	const place = { timeZone: 'Asia/Kolkata', country: 'IN', locale: 'en-IN', isDemo: false };
	organizationNo = await createOrganization(database, { ...place, name: 'Harbour', hosts: [] });
	foreignNo = await createOrganization(database, {
		...place,
		name: 'Elsewhere',
		hosts: ['elsewhere.example'],
	});
	for (const name of dealers)
		dealerNos.set(name, await createDealer(database, organizationNo, { name, city: null }));
	for (const name of customers)
		customerNos.set(name, await createCustomer(database, organizationNo, customerNamed(name)));
	const register = async (organization: number, ids: readonly string[]) => {
		const registered = await registerDevices(
			database,
			organization,
			ids.map((deviceId) => ({
				deviceId,
				telematicsId: null,
				name: null,
				simNo: null,
				family: deviceId === 'S-MONSOON' ? ('x_pro' as const) : ('ev' as const),
				transport: 'gsm' as const,
				vehicle: null,
				customerNo: null,
				dealerNo: null,
			})),
		);
		for (const { deviceId, deviceNo, key } of registered) {
			deviceNos.set(deviceId, deviceNo);
			keys.set(deviceId, key);
		}
	};
	await register(organizationNo, deviceIds);
	await register(foreignNo, ['FOREIGN']);
	await assign('FORMER', 'north', 'lotus');
	for (const deviceId of deviceIds) {
		const [dealer, customer] = devices[deviceId];
		await assign(deviceId, dealer, customer);
	}
	for (const name of Object.keys(members) as Member[]) {
		const { role, dealer = null, customers: chosen = null } = { dealer: null, ...specOf(name) };
		await addMember(organizationNo, name, role, dealer, chosen);
	}
	await addMember(foreignNo, 'stranger', 'admin', null, null);
}

function specOf(name: Member): {
	role: Role;
	dealer?: Dealer;
	customers?: readonly Customer[];
} {
	return members[name];
}

async function assign(deviceId: string, dealer: Dealer, customer: Customer): Promise<void> {
	await assignDevice(db.database, organizationNo, deviceNos.get(deviceId) ?? 0, {
		vehicleNo: null,
		dealerNo: dealerNos.get(dealer) ?? 0,
		customerNo: customerNos.get(customer) ?? 0,
	});
}

async function addMember(
	organization: number,
	name: string,
	role: Role,
	dealer: Dealer | null,
	chosen: readonly string[] | null,
): Promise<void> {
	const userId = await createMember(db.database, {
		organizationNo: organization,
		name,
		email: `${name}@example.org`,
		password,
		role,
		dealerNo: dealer === null ? null : (dealerNos.get(dealer) ?? 0),
		customerNos: chosen?.map((customer) => customerNos.get(customer) ?? 0) ?? null,
	});
	userIds.set(name, userId);
}

function customerNamed(name: string) {
	const unknown = { email: null, mobile: null, address: null, city: null, pinCode: null };
	return { name, dealerNo: null, ...unknown };
}

async function cookieOf(member: string): Promise<string> {
	const known = cookies.get(member);
	if (known !== undefined) return known;
	const cookie = await signIn(product.url, `${member}@example.org`, password);
	cookies.set(member, cookie);
	return cookie;
}

interface Answer {
	readonly status: number;
	readonly code: string | null;
	readonly headers: Headers;
	readonly body: Readonly<Record<string, unknown>>;
}

async function answerOf(response: Response): Promise<Answer> {
	const isJson = response.headers.get('content-type')?.includes('json') ?? false;
	const body = isJson ? z.record(z.string(), z.unknown()).parse(await response.json()) : {};
	if (!isJson) await response.arrayBuffer();
	const { status, headers } = response;
	return { status, code: typeof body.code === 'string' ? body.code : null, headers, body };
}

/** Sends a request as a page of a signed-in member does. */
async function onPage(member: string, path: string, body?: unknown): Promise<Answer> {
	return answerOf(
		await fetch(product.url + path, {
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				cookie: await cookieOf(member),
				origin: product.url,
				...(body !== undefined && { 'content-type': 'application/json' }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		}),
	);
}

interface Wanted {
	readonly owner?: string;
	readonly kind?: 'read_only' | 'control';
	readonly devices?: readonly string[] | null;
	readonly days?: number | null;
}

function tryToIssue(issuer: string, wanted: Wanted = {}): Promise<Answer> {
	const { owner = issuer, kind = 'read_only', devices: deviceIds = null, days = 90 } = wanted;
	return onPage(issuer, '/api/admin/tokens', {
		name: `${kind} of ${owner}`,
		ownerId: userIds.get(owner),
		kind,
		deviceIds,
		expiresInDays: days,
		confirm: 'Confirm',
	});
}

async function issue(issuer: string, wanted: Wanted = {}): Promise<string> {
	const { status, body } = await tryToIssue(issuer, wanted);
	expect([status, body]).toEqual([200, expect.objectContaining({ token: expect.any(String) })]);
	return String(body.token);
}

function publicIdOf(token: string): string {
	return token.split('_')[1] ?? '';
}

/** Sends a request as a program does. */
async function send(
	token: string,
	path: string,
	request: { body?: unknown; headers?: Record<string, string>; method?: string } = {},
): Promise<Answer> {
	const { body, headers, method = body === undefined ? 'GET' : 'POST' } = request;
	return answerOf(
		await fetch(product.url + path, {
			method,
			headers: {
				authorization: `Bearer ${token}`,
				...(body !== undefined && { 'content-type': 'application/json' }),
				...headers,
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		}),
	);
}

function reboot(token: string, deviceId: string, headers: Record<string, string> = {}) {
	return send(token, `/api/v1/devices/${deviceId}/commands`, {
		body: { command: 'reboot' },
		headers,
	});
}

/** Ids of all devices that a token is told of, page by page. */
async function listed(token: string, query = ''): Promise<string[]> {
	const ids: string[] = [];
	let path: string | undefined = `/api/v1/devices?limit=2${query}`;
	while (path !== undefined) {
		const { body, headers, status } = await send(token, path);
		expect(status).toBe(200);
		const page = z
			.object({
				devices: z.array(z.object({ device_id: z.string() })),
				next: z.string().nullable(),
			})
			.parse(body);
		ids.push(...page.devices.map((device) => device.device_id));
		path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
		expect(path === undefined).toBe(page.next === null);
	}
	return ids;
}

async function say(deviceId: string, reading: Record<string, unknown>): Promise<void> {
	const answer = await fetch(`${product.url}/devices/v1/${deviceId}/telemetry`, {
		method: 'POST',
		headers: {
			authorization: `Bearer ${keys.get(deviceId)}`,
			'content-type': 'application/json',
		},
		body: JSON.stringify(reading),
	});
	expect(answer.status).toBe(202);
}

/** Everything that reads one device. */
const devicePaths = (deviceId: string) =>
	[
		'',
		'/status',
		'/telemetry',
		'/telemetry/history?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
		'/commands',
		`/commands/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`,
	].map((rest) => `/api/v1/devices/${deviceId}${rest}`);

/** What each token sees, by who owns and issued it and what it was restricted to. */
const walks: readonly {
	readonly issuer: Member;
	readonly wanted: Wanted;
	readonly sees: readonly DeviceId[];
}[] = [
	{ issuer: 'super', wanted: {}, sees: deviceIds },
	{ issuer: 'admin', wanted: {}, sees: deviceIds },
	{ issuer: 'operation', wanted: {}, sees: deviceIds },
	{ issuer: 'north', wanted: {}, sees: ['N-LOTUS', 'N-MONSOON'] },
	{ issuer: 'south', wanted: {}, sees: ['S-LOTUS', 'S-MONSOON', 'FORMER'] },
	{ issuer: 'lotus', wanted: {}, sees: ['N-LOTUS', 'S-LOTUS'] },
	{ issuer: 'monsoon', wanted: {}, sees: ['N-MONSOON', 'S-MONSOON', 'FORMER'] },
	{ issuer: 'admin', wanted: { owner: 'lotus' }, sees: ['N-LOTUS', 'S-LOTUS'] },
	{ issuer: 'admin', wanted: { owner: 'north' }, sees: ['N-LOTUS', 'N-MONSOON'] },
	{ issuer: 'north', wanted: { owner: 'colleague' }, sees: ['N-LOTUS', 'N-MONSOON'] },
	// The dealer holds it, too: it shows nothing of the customer's other dealer.
	{ issuer: 'north', wanted: { owner: 'lotus' }, sees: ['N-LOTUS'] },
	{ issuer: 'admin', wanted: { devices: ['S-LOTUS', 'FORMER'] }, sees: ['S-LOTUS', 'FORMER'] },
	{ issuer: 'lotus', wanted: { devices: ['S-LOTUS'] }, sees: ['S-LOTUS'] },
	{
		issuer: 'north',
		wanted: { owner: 'lotus', kind: 'control', devices: ['N-LOTUS'] },
		sees: ['N-LOTUS'],
	},
];

describe('what a token sees', () => {
	test.each(walks)('$issuer for $wanted: $sees', async ({ issuer, wanted, sees }) => {
		const token = await issue(issuer, wanted);
		expect((await listed(token)).sort()).toEqual([...sees].sort());
		const { body } = await send(token, '/api/v1/fleet/summary');
		expect(body).toMatchObject({ total: sees.length });
		for (const deviceId of [...deviceIds, 'FOREIGN', 'NOBODY']) {
			const isSeen = sees.some((seen) => seen === deviceId);
			const answers = await Promise.all(devicePaths(deviceId).map((path) => send(token, path)));
			// There is no command yet.
			const expected = isSeen ? [200, 200, 200, 200, 200, 404] : answers.map(() => 404);
			expect([deviceId, answers.map(({ status }) => status)]).toEqual([deviceId, expected]);
			if (!isSeen) expect(await listed(token, `&q=${deviceId}`)).toEqual([]);
			expect(
				(await reboot(token, isSeen && wanted.kind === 'control' ? 'NOBODY' : deviceId)).status,
			).toBe(wanted.kind === 'control' ? 404 : 403);
		}
	});

	test('a filter finds nothing outside', async () => {
		const token = await issue('lotus');
		const monsoon = customerNos.get('monsoon');
		expect(await listed(token, `&customer=${monsoon}`)).toEqual([]);
		expect(await listed(token, '&q=monsoon')).toEqual([]);
		expect(await listed(token, '&q=south')).toEqual(['S-LOTUS']);
		expect(await listed(token, '&family=x_pro')).toEqual([]);
		expect(await listed(token, '&status=moving')).toEqual([]);
		expect(await listed(token, '&status=not_communicating')).toHaveLength(2);
	});
});

describe('who issues what', () => {
	test.each([
		['operation', { kind: 'control' }, 403],
		['lotus', { kind: 'control' }, 403],
		['lotus', { kind: 'control', devices: ['N-LOTUS'] }, 403],
		['operation', { owner: 'lotus' }, 404],
		['lotus', { owner: 'monsoon' }, 404],
		['lotus', { owner: 'stranger' }, 404],
		['north', { owner: 'south' }, 404],
		['north', { owner: 'operation' }, 404],
		['north', { owner: 'stranger' }, 404],
		['admin', { owner: 'stranger' }, 404],
		['admin', { owner: 'super' }, 404],
		['admin', { owner: 'b2b' }, 404],
		['admin', { owner: 'operation', kind: 'control' }, 403],
		['admin', { owner: 'lotus', kind: 'control' }, 403],
		['north', { owner: 'lotus', kind: 'control' }, 403],
		['north', { owner: 'lotus', kind: 'control', devices: ['S-LOTUS'] }, 404],
		['north', { owner: 'lotus', kind: 'control', devices: ['N-LOTUS', 'N-MONSOON'] }, 404],
		['north', { devices: ['S-LOTUS'] }, 404],
		['north', { devices: ['FOREIGN'] }, 404],
		['admin', { devices: ['FOREIGN'] }, 404],
		['admin', { devices: [] }, 400],
		['admin', { kind: 'control', days: null }, 400],
		['admin', { days: 366 }, 400],
		['admin', { days: 0 }, 400],
		['b2b', {}, 403],
	] as const)('%s cannot issue %o: %d', async (issuer, wanted, status) => {
		expect(await tryToIssue(issuer, wanted)).toMatchObject({ status });
	});

	test('a token for more than 1,000 devices is refused', async () => {
		const tooMany = Array.from({ length: 1_001 }, (_, place) => `D${place}`);
		expect(await tryToIssue('admin', { devices: tooMany })).toMatchObject({ status: 400 });
	});

	test('one member owns at most 100 tokens at a time', async () => {
		await addMember(organizationNo, 'hoarder', 'operation', null, null);
		const first = await issue('hoarder');
		for (let issued = 1; issued < 100; issued++) await issue('hoarder');
		expect(await tryToIssue('hoarder')).toMatchObject({ status: 403, code: 'token_not_permitted' });
		await onPage('hoarder', `/api/admin/tokens/${publicIdOf(first)}/revoke`, {
			confirm: 'Confirm',
		});
		await issue('hoarder');
		await db.pool.query('delete from membership where user_id = $1', [userIds.get('hoarder')]);
	});

	test('nor more when many are issued at once', async () => {
		await addMember(organizationNo, 'crowd', 'operation', null, null);
		await issue('crowd');
		await db.pool.query(
			`insert into api_token (organization_no, public_id, secret_hash, name, owner_id, owner_membership_no,
				owner_email, issuer_id, issuer_membership_no, issuer_email, may_control)
			select organization_no, 'crowd' || i, '', 'stored', owner_id, owner_membership_no,
				owner_email, issuer_id, issuer_membership_no, issuer_email, false
			from api_token, generate_series(2, 97) i where owner_id = $1`,
			[userIds.get('crowd')],
		);
		const holder = await db.pool.connect();
		try {
			// Nothing can be stored until all of them have come as far as they can.
			await holder.query('begin');
			await holder.query('lock table api_token in share mode');
			const tries = Array.from({ length: 12 }, () => tryToIssue('crowd'));
			await until(async () => {
				const { rows } = await db.pool.query(
					`select count(*)::integer as waiting from pg_stat_activity
					where datname = current_database() and wait_event_type = 'Lock'`,
				);
				expect(rows).toEqual([{ waiting: tries.length }]);
			}, patienceMs);
			await holder.query('commit');
			const statuses = (await Promise.all(tries)).map(({ status }) => status);
			expect(statuses.filter((status) => status === 200)).toHaveLength(3);
			expect(statuses.filter((status) => status === 403)).toHaveLength(9);
		} finally {
			holder.release();
		}
		await db.pool.query('delete from membership where user_id = $1', [userIds.get('crowd')]);
	});

	test('nothing is issued without the typed word', async () => {
		const body = {
			name: 'x',
			kind: 'read_only',
			deviceIds: null,
			expiresInDays: 1,
			confirm: 'yes',
		};
		expect(await onPage('admin', '/api/admin/tokens', body)).toMatchObject({ status: 400 });
	});

	test('owners and devices are offered as far as both see them', async () => {
		const owners = async (issuer: string) => {
			const { body } = await onPage(issuer, '/api/admin/tokens/owners');
			return z
				.array(z.object({ email: z.string(), control: z.string(), isSelf: z.boolean() }))
				.parse(body.owners)
				.map(({ email, control }) => `${email.split('@')[0]}: ${control}`);
		};
		expect(await owners('lotus')).toEqual(['lotus: none']);
		expect(await owners('operation')).toEqual(['operation: none']);
		expect(await owners('north')).toEqual([
			'north: any',
			'colleague: any',
			'lotus: chosen_devices',
			'monsoon: chosen_devices',
		]);
		expect((await owners('admin')).sort()).toEqual([
			'admin: any',
			'colleague: any',
			'lotus: chosen_devices',
			'monsoon: chosen_devices',
			'north: any',
			'operation: none',
			'south: any',
		]);
		const offered = async (issuer: string, owner: string) =>
			(await onPage(issuer, `/api/admin/tokens/devices?ownerId=${userIds.get(owner)}`)).body
				.deviceIds;
		expect(await offered('north', 'lotus')).toEqual(['N-LOTUS']);
		expect(await offered('admin', 'lotus')).toEqual(['N-LOTUS', 'S-LOTUS']);
		expect(await offered('north', 'south')).toBeUndefined();
	});

	test('each sees what they own or issued, an Admin all of the organization', async () => {
		const lent = await issue('north', { owner: 'monsoon', devices: ['N-MONSOON'] });
		const sees = async (member: string) => {
			const { body } = await onPage(member, `/api/admin/tokens?q=${publicIdOf(lent)}`);
			const shown = await onPage(member, `/api/admin/tokens/${publicIdOf(lent)}`);
			expect(shown.status).toBe(body.total === 1 ? 200 : 404);
			return body.total === 1;
		};
		for (const member of ['north', 'monsoon', 'admin', 'super'])
			expect([member, await sees(member)]).toEqual([member, true]);
		for (const member of ['colleague', 'south', 'lotus', 'operation', 'stranger']) {
			expect([member, await sees(member)]).toEqual([member, false]);
			const revoked = await onPage(member, `/api/admin/tokens/${publicIdOf(lent)}/revoke`, {
				confirm: 'Confirm',
			});
			expect(revoked.status).toBe(404);
		}
		expect((await send(lent, '/api/v1/me')).status).toBe(200);
	});
});

describe('a token ends', () => {
	test('when it is revoked, at once', async () => {
		const token = await issue('lotus');
		expect((await send(token, '/api/v1/me')).status).toBe(200);
		const revoke = `/api/admin/tokens/${publicIdOf(token)}/revoke`;
		expect((await onPage('lotus', revoke, { confirm: 'no' })).status).toBe(400);
		const { body } = await onPage('lotus', revoke, { confirm: 'confirm' });
		expect(body).toMatchObject({ state: 'revoked', revokedBy: 'lotus@example.org' });
		const refused = await send(token, '/api/v1/me');
		expect(refused).toMatchObject({ status: 401, code: 'token_invalid' });
		expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
		const { rows } = await db.pool.query(
			"select action from audit_entry where subject_kind = 'api_token' and subject_id = $1 order by audit_no",
			[publicIdOf(token)],
		);
		expect(rows.map((row) => row.action)).toEqual(['api_token.create', 'api_token.revoke']);
	});

	test('when its time is over', async () => {
		const token = await issue('lotus');
		await db.pool.query('update api_token set expires_at = now() where public_id = $1', [
			publicIdOf(token),
		]);
		expect(await send(token, '/api/v1/me')).toMatchObject({ status: 401, code: 'token_invalid' });
	});

	test('with its owner’s membership, also when the owner becomes a member again', async () => {
		await addMember(organizationNo, 'leaver', 'operation', null, null);
		const token = await issue('leaver');
		expect((await send(token, '/api/v1/me')).status).toBe(200);
		await db.pool.query('delete from membership where user_id = $1', [userIds.get('leaver')]);
		await until(async () => expect((await send(token, '/api/v1/me')).status).toBe(401), patienceMs);
		const { body } = await onPage('admin', `/api/admin/tokens/${publicIdOf(token)}`);
		expect(body).toMatchObject({ state: 'ownerless', ownerEmail: 'leaver@example.org' });
		await addMember(organizationNo, 'leaver', 'operation', null, null);
		const again = await issue('leaver');
		expect((await send(again, '/api/v1/me')).status).toBe(200);
		expect((await send(token, '/api/v1/me')).status).toBe(401);
	});

	test('and narrows with its owner’s scope and role', async () => {
		await addMember(organizationNo, 'mover', 'admin', null, null);
		const token = await issue('mover', { kind: 'control' });
		expect(await listed(token)).toHaveLength(deviceIds.length);
		await db.pool.query(
			"update membership set role = 'dealer', dealer_no = $2 where user_id = $1",
			[userIds.get('mover'), dealerNos.get('north')],
		);
		await until(
			async () => expect((await listed(token)).sort()).toEqual(['N-LOTUS', 'N-MONSOON']),
			patienceMs,
		);
		expect((await reboot(token, 'S-LOTUS')).status).toBe(404);
		await db.pool.query(
			"update membership set role = 'operation', dealer_no = null where user_id = $1",
			[userIds.get('mover')],
		);
		await until(
			async () =>
				expect(await send(token, '/api/v1/me')).toMatchObject({
					body: { owner: { role: 'operation' }, token: { may_control: false } },
				}),
			patienceMs,
		);
		expect(await reboot(token, 'N-LOTUS')).toMatchObject({ status: 403 });
	});

	test('a lent control ends with its issuer’s; the token reads on', async () => {
		await addMember(organizationNo, 'lender', 'dealer', 'north', null);
		const token = await issue('lender', { owner: 'lotus', kind: 'control', devices: ['N-LOTUS'] });
		expect((await send(token, '/api/v1/me')).body).toMatchObject({ token: { may_control: true } });
		await db.pool.query('delete from membership where user_id = $1', [userIds.get('lender')]);
		await until(
			async () =>
				expect((await send(token, '/api/v1/me')).body).toMatchObject({
					token: { may_control: false },
				}),
			patienceMs,
		);
		const refused = await reboot(token, 'N-LOTUS');
		expect(refused).toMatchObject({ status: 403, code: 'token_read_only' });
		expect(await listed(token)).toEqual(['N-LOTUS']);
	});
});

describe('a Super Admin who entered an organization', () => {
	const enter = (organization: number) =>
		onPage('super', `/api/admin/organizations/${organization}/enter`, {});
	const leave = () => onPage('super', '/api/admin/organizations/leave', {});
	const entriesOf = async (organization: number, publicId: string) => {
		const { rows } = await db.pool.query(
			`select user_email, acting_as, after from audit_entry
			where organization_no = $1 and action = 'api_token.create' and subject_id = $2`,
			[organization, publicId],
		);
		return rows;
	};

	test('issues for its members as an Admin does, and both logs say so', async () => {
		await addMember(foreignNo, 'chief', 'super_admin', null, null);
		expect((await enter(foreignNo)).status).toBe(200);
		try {
			const token = await issue('super', { owner: 'stranger', kind: 'control' });
			expect(await listed(token)).toEqual(['FOREIGN']);
			expect((await send(token, '/api/v1/me')).body).toMatchObject({
				owner: { email: 'stranger@example.org' },
				token: { may_control: true },
			});
			const publicId = publicIdOf(token);
			const row = { issuerEmail: 'super@example.org', ownerEmail: 'stranger@example.org' };
			expect((await onPage('super', `/api/admin/tokens/${publicId}`)).body).toMatchObject(row);
			expect((await onPage('admin', `/api/admin/tokens/${publicId}`)).status).toBe(404);
			const issuer = { user_email: 'super@example.org', acting_as: 'super_admin' };
			expect(await entriesOf(foreignNo, publicId)).toMatchObject([
				{ ...issuer, after: { owner: 'stranger@example.org', kind: 'control' } },
			]);
			// Who owns it is the other organization's business.
			expect(await entriesOf(organizationNo, publicId)).toEqual([
				{ ...issuer, after: { organization: 'Elsewhere', kind: 'control' } },
			]);
			for (const owner of ['super', 'admin', 'chief', 'nobody'])
				expect([owner, (await tryToIssue('super', { owner })).status]).toEqual([owner, 404]);
			expect(await tryToIssue('super', { owner: 'stranger', devices: ['N-LOTUS'] })).toMatchObject({
				status: 404,
			});
			const { body } = await onPage('super', '/api/admin/tokens/owners');
			expect(body.owners).toMatchObject([{ email: 'stranger@example.org', isSelf: false }]);
			await leave();
			expect((await onPage('super', `/api/admin/tokens/${publicId}`)).status).toBe(404);
			expect(await listed(token)).toEqual(['FOREIGN']);
		} finally {
			await leave();
		}
	});

	test('lends a Customer control for as long as the role at home lasts', async () => {
		const mine = await createCustomer(db.database, foreignNo, customerNamed('guest'));
		customerNos.set('guest', mine);
		await addMember(foreignNo, 'guest', 'customer', null, ['guest']);
		await assignDevice(db.database, foreignNo, deviceNos.get('FOREIGN') ?? 0, {
			vehicleNo: null,
			dealerNo: null,
			customerNo: mine,
		});
		await addMember(organizationNo, 'lending', 'super_admin', null, null);
		await onPage('lending', `/api/admin/organizations/${foreignNo}/enter`, {});
		const token = await issue('lending', {
			owner: 'guest',
			kind: 'control',
			devices: ['FOREIGN'],
		});
		const mayControl = async (expected: boolean) =>
			until(
				async () =>
					expect((await send(token, '/api/v1/me')).body).toMatchObject({
						token: { may_control: expected },
					}),
				patienceMs,
			);
		await mayControl(true);
		expect((await reboot(token, 'FOREIGN')).status).toBe(202);
		await db.pool.query("update membership set role = 'admin' where user_id = $1", [
			userIds.get('lending'),
		]);
		await mayControl(false);
		expect(await reboot(token, 'FOREIGN')).toMatchObject({ code: 'token_read_only' });
		expect((await send(token, '/api/v1/devices/FOREIGN')).status).toBe(200);
	});
});

test('what is no token opens nothing, and says nothing of those there are', async () => {
	const token = await issue('admin');
	const secret = randomBytes(32).toString('base64url');
	const wrong = [
		`ft_${publicIdOf(token)}_${secret}`,
		`ft_0123456789abcdef_${secret}`,
		token.slice(0, -1),
		`${token}x`,
		token.toUpperCase(),
		'ft__',
		"' or 1=1 --",
		'x'.repeat(8_000),
	];
	const { detail, code } = (await send(wrong[0] ?? '', '/api/v1/me')).body;
	expect(code).toBe('token_invalid');
	for (const guess of wrong) {
		const answer = await send(guess, '/api/v1/me');
		expect(answer).toMatchObject({ status: 401, body: { code, detail } });
	}
	const nothing = await answerOf(await fetch(`${product.url}/api/v1/me`));
	expect(nothing).toMatchObject({ status: 401, code: 'not_signed_in' });
	expect(nothing.headers.get('www-authenticate')).toBe('Bearer');
});

test('a token of another organization’s host, and cookies beside a token', async () => {
	const token = await issue('admin');
	const elsewhere = { 'x-forwarded-host': 'elsewhere.example' };
	expect((await send(token, '/api/v1/me', { headers: elsewhere })).status).toBe(401);
	const cookie = await cookieOf('south');
	const { body } = await send(token, '/api/v1/me', { headers: { cookie } });
	expect(body).toMatchObject({ owner: { email: 'admin@example.org' } });
	const bad = await send(`${token}x`, '/api/v1/me', { headers: { cookie } });
	expect(bad.status).toBe(401);
	const foreignSite = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
	expect(await reboot(token, 'N-LOTUS', foreignSite)).toMatchObject({ code: 'token_read_only' });
});

test('whatever takes no tokens refuses them, a good one with a session beside it included', async () => {
	const token = await issue('super', { kind: 'control' });
	const cookie = await cookieOf('super');
	const declared = Object.values(
		import.meta.glob<Record<string, unknown>>('../src/modules/*/contract.ts', { eager: true }),
	).flatMap((contract) => Object.values(contract));
	const others = declared.filter(isEndpoint).filter(({ tokens }) => tokens === undefined);
	expect(others.length).toBeGreaterThan(20);
	for (const { method, path } of others) {
		const body = method === 'GET' ? {} : { body: {} };
		const headers = { cookie, origin: product.url };
		const answer = await send(token, path.replace(/:\w+/g, 'none'), { method, headers, ...body });
		expect([path, answer.status, answer.code]).toEqual([path, 401, 'token_not_accepted']);
	}
	const socket = new WebSocket(product.url.replace('http', 'ws') + livePath, {
		headers: { authorization: `Bearer ${token}`, cookie, origin: product.url },
	});
	const [, response] = await once(socket, 'unexpected-response');
	expect(response.statusCode).toBe(401);
	response.destroy();
});

test('a session reads what tokens read, and sends no command without the typed word', async () => {
	const { body } = await onPage('north', '/api/v1/me');
	expect(body).toMatchObject({ token: null, owner: { role: 'dealer' }, scope: { devices: 2 } });
	const sent = await onPage('admin', '/api/v1/devices/N-LOTUS/commands', { command: 'reboot' });
	expect(sent).toMatchObject({ status: 403, code: 'token_needed' });
});

test('the last use is kept with its address, and not before', async () => {
	const token = await issue('admin');
	const show = async () => (await onPage('admin', `/api/admin/tokens/${publicIdOf(token)}`)).body;
	expect(await show()).toMatchObject({ lastUsedAtMs: null, lastUsedIp: null });
	await send(token, '/api/v1/me');
	expect(await show()).toMatchObject({
		lastUsedAtMs: expect.any(Number),
		lastUsedIp: '127.0.0.1',
	});
	const { rows } = await db.pool.query('select secret_hash from api_token where public_id = $1', [
		publicIdOf(token),
	]);
	expect(rows[0].secret_hash).toHaveLength(32);
	expect(product.said()).not.toContain(token.split('_')[2]);
});

test('what devices say is read with names and units, newest and over time', async () => {
	const token = await issue('monsoon');
	const seconds = [10, 20, 30, 40, 50];
	const dayBefore = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
	const at = (second: number) => `${dayBefore}T08:00:${second}.000Z`;
	for (const second of seconds)
		await say('S-MONSOON', {
			at: at(second),
			battery_v: 12 + second / 10,
			run_state: 'running',
			run_signal: 4,
			temperature_c: 71,
			total_hours: 217 + 47 / 60 + 12 / 3_600,
			fuel_mbar: 3,
		});
	await until(
		async () =>
			expect((await send(token, '/api/v1/devices/S-MONSOON/telemetry')).body).toMatchObject({
				family: 'x_pro',
				values: {
					battery_voltage: 17,
					run_signal: 4,
					temperature: 71,
					total_hours: '0217:47:12',
					last_runtime_hours: null,
				},
				units: { battery_voltage: 'V', temperature: '°C', total_hours: 'hhhh:mm:ss' },
				measured_at: { engine: at(50) },
				sensors: { fuel_mbar: 3 },
			}),
		patienceMs,
	);
	expect((await send(token, '/api/v1/devices/S-MONSOON/status')).body).toMatchObject({
		status: 'moving',
		status_label: 'Running',
		is_live: true,
	});
	const admin = await issue('admin');
	const history = '/api/v1/devices/S-MONSOON/telemetry/history';
	const period = `from=${at(20)}&to=${at(50)}`;
	// It was nobody's then: a customer reads the time in which it was the customer's.
	expect((await send(token, `${history}?${period}`)).body).toMatchObject({ readings: [] });
	const times: unknown[] = [];
	let path: string | undefined = `${history}?${period}&limit=2`;
	while (path !== undefined) {
		const { body, headers } = await send(admin, path);
		times.push(
			...z
				.array(z.object({ at: z.string() }))
				.parse(body.readings)
				.map(({ at }) => at),
		);
		path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
	}
	expect(times).toEqual([20, 30, 40].map(at));
	const wide = 'from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z';
	expect((await send(token, `${history}?${wide}`)).status).toBe(400);
	for (const cursor of ['x', 'bnVsbA', 'eyJhdCI6IngiLCJpZGVudCI6IjEifQ'])
		for (const list of ['/commands?', `/telemetry/history?${period}&`])
			expect((await send(token, `/api/v1/devices/S-MONSOON${list}cursor=${cursor}`)).status).toBe(
				400,
			);
	expect((await send(token, '/api/v1/fleet/summary')).body).toMatchObject({ live: 1, total: 3 });
});

describe('commands', () => {
	const rowsOf = async (deviceId: string) => {
		const { rows } = await db.pool.query(
			'select command_id, requested_by_name from device_command where device_no = $1',
			[deviceNos.get(deviceId)],
		);
		return rows;
	};

	test('of a customer’s lent token are given and audited with the token’s name', async () => {
		const token = await issue('north', {
			owner: 'lotus',
			kind: 'control',
			devices: ['N-LOTUS'],
		});
		const given = await reboot(token, 'N-LOTUS');
		expect(given).toMatchObject({
			status: 202,
			body: { command: 'reboot', state: 'waiting', requested_by: 'lotus (API token)' },
		});
		const shown = await send(token, given.headers.get('location') ?? '');
		expect(shown).toMatchObject({ status: 200, body: { command_id: given.body.command_id } });
		const { body } = await send(token, '/api/v1/devices/N-LOTUS/commands');
		expect(body).toMatchObject({ commands: [{ command_id: given.body.command_id }], next: null });
		const { rows } = await db.pool.query(
			"select user_email, token_name, acting_as from audit_entry where action = 'command.request' and subject_id = 'N-LOTUS'",
		);
		expect(rows).toEqual([
			{ user_email: 'lotus@example.org', token_name: 'control of lotus', acting_as: 'customer' },
		]);
		expect(await reboot(token, 'N-LOTUS')).toMatchObject({
			status: 409,
			code: 'command_under_way',
		});
		const unknown = await send(token, '/api/v1/devices/N-LOTUS/commands', {
			body: { command: 'self_destruct' },
		});
		expect(unknown.status).toBe(400);
	});

	test('with a key are given once, however many come at once', async () => {
		const token = await issue('admin', { kind: 'control' });
		const key = { 'idempotency-key': 'once-and-for-all' };
		const answers = await Promise.all(
			Array.from({ length: 12 }, () => reboot(token, 'N-MONSOON', key)),
		);
		const outcomes = answers.map(({ status, code }) => `${status} ${code}`);
		for (const outcome of outcomes)
			expect(['202 null', '409 idempotency_in_progress']).toContain(outcome);
		const replayed = await reboot(token, 'N-MONSOON', key);
		expect(replayed.status).toBe(202);
		expect(replayed.headers.get('idempotency-replayed')).toBe('true');
		const first = answers.filter(({ headers, status }) => {
			return status === 202 && headers.get('idempotency-replayed') === null;
		});
		expect(first.map(({ body }) => body)).toEqual([replayed.body]);
		expect(await rowsOf('N-MONSOON')).toHaveLength(1);
		expect(await reboot(token, 'S-MONSOON', key)).toMatchObject({
			status: 422,
			code: 'idempotency_key_reused',
		});
		expect(await rowsOf('S-MONSOON')).toHaveLength(0);
		for (const bad of ['x'.repeat(256), 'two words', 'ü'])
			expect((await reboot(token, 'S-LOTUS', { 'idempotency-key': bad })).status).toBe(400);
		const other = await issue('admin', { kind: 'control' });
		expect(await reboot(other, 'N-MONSOON', key)).toMatchObject({ code: 'command_under_way' });
	});

	test('with a key are given once when the server dies in between', async () => {
		const token = await issue('south', { kind: 'control' });
		const key = { 'idempotency-key': 'survives' };
		const holder = await db.pool.connect();
		try {
			// The device's own lock: the request stands in the middle of its transaction.
			await holder.query('select pg_advisory_lock(7203421, $1)', [deviceNos.get('S-LOTUS')]);
			const cut = reboot(token, 'S-LOTUS', key).catch(() => null);
			await until(async () => {
				const { rows } = await db.pool.query(
					`select from pg_locks where locktype = 'advisory' and not granted and classid = 7203421
					and database = (select oid from pg_database where datname = current_database())`,
				);
				expect(rows).toHaveLength(1);
			}, patienceMs);
			expect(await reboot(token, 'S-LOTUS', key)).toMatchObject({
				status: 409,
				code: 'idempotency_in_progress',
			});
			// Of another token the key is another one.
			const other = await issue('admin', { kind: 'control' });
			const { code } = await reboot(other, 'N-MONSOON', key);
			expect(code).not.toBe('idempotency_in_progress');
			await product.end('SIGKILL');
			expect(await cut).toBeNull();
		} finally {
			await holder.query('select pg_advisory_unlock_all()');
			holder.release();
		}
		await start();
		expect(await rowsOf('S-LOTUS')).toHaveLength(0);
		const given = await until(async () => {
			const answer = await reboot(token, 'S-LOTUS', key);
			expect(answer.status).toBe(202);
			return answer;
		}, patienceMs);
		expect(given.headers.get('idempotency-replayed')).toBeNull();
		const again = await reboot(token, 'S-LOTUS', key);
		expect(again.headers.get('idempotency-replayed')).toBe('true');
		expect(again.body).toEqual(given.body);
		expect(await rowsOf('S-LOTUS')).toHaveLength(1);
	});

	test('a kept reply is shown to nobody who no longer sees the device', async () => {
		const token = await issue('north', { kind: 'control' });
		const key = { 'idempotency-key': 'moved-away' };
		await db.pool.query(
			'update device_command set answer_by = requested_at, expires_at = requested_at',
		);
		expect((await reboot(token, 'N-LOTUS', key)).status).toBe(202);
		await assign('N-LOTUS', 'south', 'lotus');
		expect((await reboot(token, 'N-LOTUS', key)).status).toBe(404);
		await assign('N-LOTUS', 'north', 'lotus');
	});
});

describe('limits', () => {
	test('are the token’s own, and said in every reply', async () => {
		const token = await issue('operation');
		const other = await issue('operation');
		const first = await send(token, '/api/v1/me');
		expect(first.headers.get('ratelimit-limit')).toBe('600');
		expect(first.headers.get('ratelimit-remaining')).toBe('599');
		for (let sent = 1; sent < 600; sent += 50)
			await Promise.all(
				Array.from({ length: Math.min(50, 600 - sent) }, () => send(token, '/api/v1/me')),
			);
		const refused = await send(token, '/api/v1/me');
		expect(refused).toMatchObject({ status: 429, code: 'too_many_requests' });
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
		expect((await send(other, '/api/v1/me')).headers.get('ratelimit-remaining')).toBe('599');
		expect((await onPage('operation', '/api/session')).status).toBe(200);
	});

	test('an address that guesses has to wait', async () => {
		const guess = () => `ft_${randomBytes(8).toString('hex')}_${'A'.repeat(43)}`;
		for (let sent = 0; sent < 300; sent += 50)
			await Promise.all(Array.from({ length: 50 }, () => send(guess(), '/api/v1/me')));
		const refused = await send(guess(), '/api/v1/me');
		expect(refused).toMatchObject({ status: 429 });
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
	});
});

test('the description holds what programs may call, with an example of everything', async () => {
	const answer = await fetch(`${product.url}/api/v1/openapi.json`);
	const text = await answer.text();
	expect(text).not.toMatch(/quarterdeck/i);
	const media = z.looseObject({
		example: z.unknown().optional(),
		examples: z
			.record(z.string(), z.object({ value: z.looseObject({ code: z.string() }) }))
			.optional(),
	});
	const content = z.looseObject({ content: z.record(z.string(), media).optional() });
	const { paths, components } = z
		.object({
			components: z.object({ securitySchemes: z.record(z.string(), z.unknown()) }),
			paths: z.record(
				z.string(),
				z.record(
					z.string(),
					z.object({
						security: z.array(z.record(z.string(), z.unknown())),
						requestBody: content.optional(),
						responses: z.record(z.string(), content),
					}),
				),
			),
		})
		.parse(JSON.parse(text));
	expect(components.securitySchemes).toEqual({ token: { type: 'http', scheme: 'bearer' } });
	const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
	expect(operations).toHaveLength(12);
	for (const [path, methods] of Object.entries(paths)) {
		expect(path).toMatch(/^\/api\/v1\//);
		for (const { responses, requestBody, security } of Object.values(methods)) {
			expect(security).toEqual([{ token: [] }]);
			const success = responses['200'] ?? responses['202'];
			expect(success?.content?.['application/json']?.example).toBeDefined();
			if (requestBody !== undefined)
				expect(requestBody.content?.['application/json']?.example).toBeDefined();
			const refusals = Object.entries(responses).filter(([status]) => status.startsWith('4'));
			expect(refusals.length).toBeGreaterThan(2);
			for (const [, refusal] of refusals) {
				const examples = refusal.content?.['application/problem+json']?.examples ?? {};
				expect(Object.keys(examples).length).toBeGreaterThan(0);
				for (const { value } of Object.values(examples))
					expect(String(value.detail)).toMatch(/^[^{}]{10,}$/);
			}
		}
	}
	const docs = await fetch(`${product.url}/api/v1/docs/`);
	expect(docs.status).toBe(200);
	expect(await docs.text()).toContain('/api/v1/openapi.json');
});

function isEndpoint(value: unknown): value is AnyEndpoint {
	return typeof value === 'object' && value !== null && 'admits' in value && 'path' in value;
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { endpoints } from '../harness/declared.ts';
import { until } from '../harness/until.ts';
import { type Answer, password, patienceMs, Target, type TargetOrganization } from './target.ts';

const confirm = 'Confirm';
/** There is nothing of this number. */
const nowhere = 2_000_000_000;
const noDevice = 'no-such-device';
const noUser = 'no-such-user';
const noToken = '0123456789abcdef';

/** What an organization has that another one might try to lay hands on. */
interface Belongings {
	readonly cookie: string;
	readonly host: string;
	readonly dealerNo: number;
	readonly customerNo: number;
	readonly locationNo: number;
	readonly userNo: number;
	readonly userId: string;
	readonly deviceId: string;
	readonly publicId: string;
	readonly auditNo: number;
	readonly mailNo: number;
}

const numbered = z.record(z.string(), z.unknown());

let target: Target;
let harbour: Belongings;
let island: Belongings;
/** Every secret that anybody was given; none may be in the log. */
const secrets: string[] = [password];

beforeAll(async () => {
	target = await Target.start({ LOG_LEVEL: 'trace' });
	harbour = await furnish(target.harbour);
	island = await furnish(target.island);
});
afterAll(() => target.close());

async function furnish(organization: TargetOrganization): Promise<Belongings> {
	const { host } = organization;
	const email = await target.newMember(organization, 'admin');
	const cookie = await target.signIn(email, host);
	secrets.push(cookie.slice(cookie.indexOf('=') + 1));
	const name = host.slice(0, host.indexOf('.'));
	const location = {
		city: `${name} city`,
		district: `${name} district`,
		state: `${name} state`,
		country: 'IN',
		zone: null,
		lat: 12,
		lon: 77,
	};
	const { locationNo } = await done({ cookie, host }, 'POST', '/api/admin/locations', location);
	const invited = { ...person, email: `invited@${name}.example` };
	const { userNo } = await done({ cookie, host }, 'POST', '/api/admin/users', {
		...invited,
		confirm,
	});
	const issued = await done({ cookie, host }, 'POST', '/api/admin/tokens', {
		name: `${name} token`,
		kind: 'read_only',
		deviceIds: null,
		expiresInDays: 1,
		confirm,
	});
	secrets.push(String(issued.token));
	const [row] = await target.query<Pick<Belongings, 'userId' | 'auditNo' | 'mailNo'>>(
		`select u.id as "userId",
			(select max(audit_no) from audit_entry where organization_no = $2) as "auditNo",
			(select max(mail_no) from mail where organization_no = $2) as "mailNo"
		from auth_user u where u.email = $1`,
		[email, organization.organizationNo],
	);
	if (row === undefined) throw new Error(`${email} is not there`);
	return {
		...row,
		cookie,
		host,
		dealerNo: organization.dealerNos[0] ?? 0,
		customerNo: organization.customerNos[0] ?? 0,
		locationNo: Number(locationNo),
		userNo: Number(userNo),
		deviceId: organization.devices[0]?.deviceId ?? '',
		publicId: String(issued.publicId),
	};
}

const person = {
	name: null,
	role: 'operation',
	misRole: 'user',
	userAccount: 'Command Centre',
	dealerNo: null,
	customerNos: null,
};
const customer = {
	name: 'A customer',
	address: '1 Quay',
	city: 'Kochi',
	pinCode: '682001',
	mobile: '+91 98765 43210',
	email: 'customer@example.org',
	locationNo: null,
	dealerNo: null,
};
const dealer = {
	name: 'A dealer',
	city: null,
	contactName: null,
	mobile: null,
	email: null,
	address: null,
};

type Caller = Pick<Belongings, 'cookie' | 'host'>;

function call(
	{ cookie, host }: Caller,
	method: string,
	path: string,
	body?: unknown,
): Promise<Answer> {
	return target.ask(path, {
		method,
		host,
		cookie,
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
}

/** What a request that has to succeed answers. */
async function done(caller: Caller, method: string, path: string, body?: unknown) {
	const answer = await call(caller, method, path, body);
	expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(200);
	return numbered.parse(JSON.parse(answer.text));
}

/** What an answer says, without what was asked for. */
function told({ status, text }: Answer, { deviceId }: Pick<Belongings, 'deviceId'>) {
	const { code, detail, fields } = numbered.parse(JSON.parse(text));
	return [status, JSON.stringify([code, detail, fields]).replaceAll(deviceId, '?')];
}

/** The same request about something of another organization, and about something that is nowhere. */
type Attempt = (what: Omit<Belongings, 'cookie' | 'host'>) => {
	readonly method: string;
	readonly path: string;
	readonly body?: unknown;
};

const attempts: Record<string, Attempt> = {
	'a user with a dealer': ({ dealerNo }) => ({
		method: 'POST',
		path: '/api/admin/users',
		body: { ...person, role: 'dealer', dealerNo, email: 'a1@example.org', confirm },
	}),
	'a user with customers': ({ customerNo }) => ({
		method: 'POST',
		path: '/api/admin/users',
		body: {
			...person,
			role: 'customer',
			customerNos: [customerNo],
			email: 'a2@example.org',
			confirm,
		},
	}),
	'a user': ({ userNo }) => ({ method: 'GET', path: `/api/admin/users/${userNo}` }),
	'the sessions of a user': ({ userNo }) => ({
		method: 'GET',
		path: `/api/admin/users/${userNo}/sessions`,
	}),
	'a change of a user': ({ userNo }) => ({
		method: 'PUT',
		path: `/api/admin/users/${userNo}`,
		body: { before: person, after: { ...person, role: 'admin' }, confirm },
	}),
	'the end of a user': ({ userNo }) => ({
		method: 'DELETE',
		path: `/api/admin/users/${userNo}`,
		body: { confirm },
	}),
	'another invitation': ({ userNo }) => ({
		method: 'POST',
		path: `/api/admin/users/${userNo}/activation`,
		body: { confirm },
	}),
	'the end of a user’s sessions': ({ userNo }) => ({
		method: 'POST',
		path: `/api/admin/users/${userNo}/end-sessions`,
		body: { confirm },
	}),
	'a customer of a dealer': ({ dealerNo }) => ({
		method: 'POST',
		path: '/api/admin/customers',
		body: { ...customer, dealerNo, confirm },
	}),
	'a customer at a location': ({ locationNo }) => ({
		method: 'POST',
		path: '/api/admin/customers',
		body: { ...customer, locationNo, confirm },
	}),
	'a customer': ({ customerNo }) => ({ method: 'GET', path: `/api/admin/customers/${customerNo}` }),
	'a change of a customer': ({ customerNo }) => ({
		method: 'PUT',
		path: `/api/admin/customers/${customerNo}`,
		body: { before: customer, after: customer, confirm },
	}),
	'the end of a customer': ({ customerNo }) => ({
		method: 'POST',
		path: `/api/admin/customers/${customerNo}/removal`,
		body: { confirm },
	}),
	'a dealer': ({ dealerNo }) => ({ method: 'GET', path: `/api/admin/dealers/${dealerNo}` }),
	'a change of a dealer': ({ dealerNo }) => ({
		method: 'PUT',
		path: `/api/admin/dealers/${dealerNo}`,
		body: { before: dealer, after: dealer, confirm },
	}),
	'the end of a dealer': ({ dealerNo }) => ({
		method: 'POST',
		path: `/api/admin/dealers/${dealerNo}/removal`,
		body: { confirm },
	}),
	'a location': ({ locationNo }) => ({ method: 'GET', path: `/api/admin/locations/${locationNo}` }),
	'the end of a location': ({ locationNo }) => ({
		method: 'POST',
		path: '/api/admin/locations/delete',
		body: { locationNos: [locationNo], confirm },
	}),
	'devices assigned': ({ deviceId }) => ({
		method: 'POST',
		path: '/api/admin/devices/assign',
		body: { devices: [{ deviceId, customerNo: null, dealerNo: null }], customerNo: null, confirm },
	}),
	'own devices given to a customer': ({ customerNo }) => ({
		method: 'POST',
		path: '/api/admin/devices/assign',
		body: { devices: [ownDevice()], customerNo, confirm },
	}),
	'own devices given to a dealer': ({ dealerNo }) => ({
		method: 'POST',
		path: '/api/admin/devices/assign',
		body: { devices: [ownDevice()], dealerNo, confirm },
	}),
	'a device': ({ deviceId }) => ({ method: 'GET', path: `/api/admin/devices/${deviceId}` }),
	'another key': ({ deviceId }) => ({
		method: 'POST',
		path: `/api/admin/devices/${deviceId}/key`,
		body: { graceHours: 0, confirm },
	}),
	'who had a device': ({ deviceId }) => ({
		method: 'GET',
		path: `/api/admin/devices/${deviceId}/assignments`,
	}),
	'what a customer had': ({ customerNo }) => ({
		method: 'GET',
		path: `/api/admin/assignments?customerNo=${customerNo}`,
	}),
	'what a dealer had': ({ dealerNo }) => ({
		method: 'GET',
		path: `/api/admin/assignments?dealerNo=${dealerNo}&when=before`,
	}),
	'a token for somebody': ({ userId }) => ({
		method: 'POST',
		path: '/api/admin/tokens',
		body: {
			name: 'x',
			ownerId: userId,
			kind: 'read_only',
			deviceIds: null,
			expiresInDays: 1,
			confirm,
		},
	}),
	'a token for devices': ({ deviceId }) => ({
		method: 'POST',
		path: '/api/admin/tokens',
		body: { name: 'x', kind: 'read_only', deviceIds: [deviceId], expiresInDays: 1, confirm },
	}),
	'devices for somebody’s token': ({ userId }) => ({
		method: 'GET',
		path: `/api/admin/tokens/devices?ownerId=${userId}`,
	}),
	'a token': ({ publicId }) => ({ method: 'GET', path: `/api/admin/tokens/${publicId}` }),
	'the end of a token': ({ publicId }) => ({
		method: 'POST',
		path: `/api/admin/tokens/${publicId}/revoke`,
		body: { confirm },
	}),
	'an audit entry': ({ auditNo }) => ({ method: 'GET', path: `/api/admin/audit/${auditNo}` }),
	'a mail': ({ mailNo }) => ({ method: 'GET', path: `/api/admin/outbox/${mailNo}` }),
	'the text of a mail': ({ mailNo }) => ({
		method: 'POST',
		path: `/api/admin/outbox/${mailNo}/text`,
		body: { confirm },
	}),
	'a mail again': ({ mailNo }) => ({
		method: 'POST',
		path: `/api/admin/outbox/${mailNo}/send-again`,
		body: { confirm },
	}),
};

function ownDevice() {
	const { harbour: own } = target;
	return {
		deviceId: own.devices[0]?.deviceId,
		customerNo: own.customerNos[0],
		dealerNo: own.dealerNos[0],
	};
}

const nothing = {
	dealerNo: nowhere,
	customerNo: nowhere,
	locationNo: nowhere,
	userNo: nowhere,
	userId: noUser,
	deviceId: noDevice,
	publicId: noToken,
	auditNo: nowhere,
	mailNo: nowhere,
};

describe('an Admin of another organization', () => {
	test.each(Object.entries(attempts))('does not get: %s', async (_, attempt) => {
		const foreign = attempt(island);
		const none = attempt(nothing);
		const before = await countAll();
		const [answer, unknown] = [
			await call(harbour, foreign.method, foreign.path, foreign.body),
			await call(harbour, none.method, none.path, none.body),
		];
		expect([400, 404], answer.text).toContain(answer.status);
		expect(told(answer, island)).toEqual(told(unknown, nothing));
		expect(await countAll()).toEqual(before);
	});

	test('has the same requests answered about what is its own', async () => {
		const reading = Object.values(attempts)
			.map((attempt) => attempt(harbour))
			.filter(({ method }) => method === 'GET');
		for (const { method, path } of reading)
			expect((await call(harbour, method, path)).status, path).toBe(200);
	});

	test('finds nothing of others, whatever is searched, filtered or exported', async () => {
		const lists = endpoints.filter(
			({ method, path, query }) => method === 'GET' && !path.includes(':') && query !== undefined,
		);
		expect(lists.length).toBeGreaterThan(20);
		for (const { path } of lists) {
			const about = `q=island&customerNo=${island.customerNo}&dealerNo=${island.dealerNo}&customer=${island.customerNo}&dealer=${island.dealerNo}&locationNo=${island.locationNo}&wanted=${island.locationNo}&owner=${island.userId}`;
			for (const query of ['', 'q=island', about]) {
				const answer = await call(harbour, 'GET', `${path}?${query}`);
				expect(answer.status, `${path}?${query}: ${answer.text}`).toBeLessThan(500);
				expect(answer.text, `${path}?${query}`).not.toContain('island');
			}
		}
	});

	test('adds nothing to other organizations by fields that nobody declared', async () => {
		const [own, other] = [target.harbour.organizationNo, target.island.organizationNo];
		const slipped = {
			organizationNo: other,
			organization_no: other,
			userId: island.userId,
			user_id: island.userId,
			isActive: true,
			emailVerified: true,
			createdAt: 0,
			scope: { organizationNo: other },
		};
		const { userNo } = await done(harbour, 'POST', '/api/admin/users', {
			...person,
			...slipped,
			email: 'slipped@example.org',
			confirm,
		});
		const { customerNo } = await done(harbour, 'POST', '/api/admin/customers', {
			...customer,
			...slipped,
			customerNo: island.customerNo,
			confirm,
		});
		const rows = await target.query(
			`select organization_no, "emailVerified" as verified, u.id = $3 as taken from membership m
			join auth_user u on u.id = m.user_id where membership_no = $1
			union all select organization_no, null, customer_no = $4 from customer where customer_no = $2`,
			[userNo, customerNo, island.userId, island.customerNo],
		);
		expect(rows).toEqual([
			{ organization_no: own, verified: false, taken: false },
			{ organization_no: own, verified: null, taken: false },
		]);
	});
});

/** How many there are of everything that the attempts could add or change. */
async function countAll() {
	return target.query(
		`select (select count(*) from membership) as users, (select count(*) from customer where deleted_at is null) as customers,
			(select count(*) from dealer where deleted_at is null) as dealers, (select count(*) from location) as locations,
			(select count(*) from api_token where revoked_at is null) as tokens, (select count(*) from mail) as mails,
			(select count(*) from device_assignment) as assignments, (select count(*) from audit_entry) as entries,
			(select count(*) from auth_session) as sessions`,
	);
}

test('another site changes nothing of people and scope, in no form that it can send', async () => {
	const before = await countAll();
	const changing = endpoints.filter(({ method }) => method !== 'GET');
	for (const { method, path, tokens } of changing) {
		const asked = { method, host: harbour.host, cookie: harbour.cookie, body: '{}' };
		const address = path.replaceAll(/:\w+/g, '1');
		const evil = await target.ask(address, {
			...asked,
			headers: { origin: 'https://evil.example' },
		});
		expect([evil.status, path], evil.text).toEqual([403, path]);
		const form = await target.ask(address, {
			...asked,
			headers: { 'content-type': 'text/plain', origin: `http://${harbour.host}` },
		});
		expect([400, 401, 403, 415], `${path}: ${form.text}`).toContain(form.status);
		// A token that is none does not open the door to the cookie beside it.
		const bearer = await target.ask(address, {
			...asked,
			headers: { authorization: 'Bearer x', origin: 'https://evil.example' },
		});
		expect([401, 403], `${path} ${tokens ?? ''}: ${bearer.text}`).toContain(bearer.status);
	}
	expect(await countAll()).toEqual(before);
});

describe('links in mails', () => {
	let lastAddress = 0;
	test.each<Record<string, string>>([
		{ host: 'evil.example' },
		{ host: 'harbour.test', 'x-forwarded-host': 'evil.example' },
		{ host: 'harbour.test', 'x-forwarded-host': 'harbour.test, evil.example' },
		{ host: 'harbour.test:1@evil.example' },
		{ host: 'harbour.test', forwarded: 'host=evil.example' },
		{ host: 'harbour.test.evil.example' },
		{ host: 'harbour.test', 'x-forwarded-proto': 'https://evil.example/?' },
		{ host: 'harbour.test', 'x-forwarded-port': '80@evil.example' },
	])('lead to no host that somebody made up: %o', async (headers) => {
		const email = await target.newMember(target.harbour, 'operation');
		const answer = await target.ask('/api/password/forgot', {
			body: JSON.stringify({ email }),
			headers: { ...headers, 'x-forwarded-for': `10.7.0.${++lastAddress}` },
		});
		expect([200, 400], answer.text).toContain(answer.status);
		if (answer.status === 400) return;
		const mails = await until(async () => {
			const found = await target.query<{ text: string }>(
				'select text from mail where recipient = $1',
				[email],
			);
			expect(found).toHaveLength(1);
			return found;
		}, patienceMs);
		const links = mails.flatMap(({ text }) => text.match(/https?:\S+/g) ?? []);
		expect(links.map((link) => new URL(link).hostname)).toEqual(['harbour.test']);
		secrets.push(...links.map((link) => new URL(link).hash.slice(1)));
	});

	test('hold nothing that a name could slip into their headers', async () => {
		for (const name of ['A\r\nBcc: all@evil.example', 'A\u0000', 'A\u2028B', 'A\u202ereverof']) {
			const answer = await call(harbour, 'POST', '/api/admin/users', {
				...person,
				name,
				email: 'named@example.org',
				confirm,
			});
			expect(answer.status, answer.text).toBe(400);
		}
		for (const email of [
			'a@example.org,b@evil.example',
			'a@example.org\r\nBcc: b@evil.example',
			'"a b"@example.org',
			'<a@example.org>',
			'a@example.org>b@evil.example',
		]) {
			const body = { ...person, email, confirm };
			expect((await call(harbour, 'POST', '/api/admin/users', body)).status, email).toBe(400);
		}
	});
});

test('neither 500s nor secrets are in the log', async () => {
	const said = await target.saidUntilNow();
	for (const secret of secrets) expect(said.includes(secret), secret.slice(0, 6)).toBe(false);
	expect(target.complaints()).toEqual([]);
});

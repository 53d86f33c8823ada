import { request as httpRequest } from 'node:http';
import { connectAsync } from 'mqtt';
import type pg from 'pg';
import WebSocket from 'ws';
import { telemetryTopic } from '#contract/device-topics.ts';
import { isAdmitted } from '#contract/endpoint.ts';
import { livePath } from '#contract/live.ts';
import type { Role } from '#contract/roles.ts';
import { rowsHeader } from '#contract/workbook.ts';
import { dayOf, ReadingsPartitions } from '#ingest/store/partitions.ts';
import { assignDevices } from '#modules/products/contract.ts';
import { registerDevices } from '#modules/products/server/index.ts';
import { createToken } from '#modules/tokens/contract.ts';
import { createMember } from '#modules/users/server/index.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { createTestFolder, type TestFolder } from '../harness/folder.ts';
import { type RunningProduct, startProduct } from '../harness/product.ts';
import { type Realm, realms } from './realms.ts';
import { pastDays, preferenceKey } from './recipes.ts';

/** Of every account. */
const password = 'a lantern by the quay';
export const host = 'harbour.test';
const otherHost = 'island.test';
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** What a device reports while somebody listens. */
export const reportedSocPct = 51;

/** What things are called by which endpoints take them. */
export const thingKinds = [
	'deviceId',
	'deviceNo',
	'customerNo',
	'dealerNo',
	'locationNo',
	'importNo',
	'parkedNo',
	'auditNo',
	'mailNo',
	'organizationNo',
	'commandId',
	'factNo',
	'email',
	'firmware',
	'userNo',
	'userId',
	'sessionId',
	'publicId',
	'text',
] as const;
export type ThingKind = (typeof thingKinds)[number];
/** A realm's things; it need not have one of every kind. */
export type Things = { readonly [kind in ThingKind]?: string | number | undefined };

/** Somebody who asks. */
export interface Reader {
	readonly name: string;
	/** Null: not signed in. */
	readonly role: Role | null;
	/** Whether an account is a member of the organization that is asked. */
	readonly isMember: boolean;
	readonly cookie: string;
	/** What a program sends instead of a cookie. */
	readonly token?: { readonly text: string; readonly mayControl: boolean };
	/** Realms of which nothing may be heard. */
	readonly foreign: readonly Realm[];
	/** How many devices there are for it. */
	readonly devices: number;
	/** How many customers. */
	readonly customers: number;
	/** What is this reader's and nobody else's. */
	readonly things: Things;
}

export interface Answer {
	readonly status: number;
	readonly type: string;
	/** What tells something of what was found, by name. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

const tellingHeaders = ['content-disposition', 'link', 'location', rowsHeader];

export interface Asked {
	readonly method: string;
	readonly path: string;
	readonly body?: { readonly type: string; readonly text: string };
}

const { own, otherCustomer, otherDealer, formerlyOwned, inherited, house, otherOrganization } =
	realms;
const ofOthers = [otherCustomer, otherDealer, formerlyOwned, house, otherOrganization];
const ofCustomer = { foreign: [...ofOthers, inherited], devices: 1, customers: 1, customer: own };
const ofDealer = {
	foreign: [otherDealer, formerlyOwned, inherited, house, otherOrganization],
	devices: 2,
	customers: 2,
	dealer: own,
};
const ofOrganization = { foreign: [otherOrganization], devices: 4, customers: 3 };

type Sight = Pick<Reader, 'foreign' | 'devices' | 'customers'>;

interface Member extends Pick<Reader, 'name'>, Sight {
	readonly role: Role;
	readonly dealer?: Realm;
	readonly customer?: Realm;
}

const members: readonly Member[] = [
	{ name: 'Super Admin', role: 'super_admin', ...ofOrganization },
	{ name: 'Admin', role: 'admin', ...ofOrganization },
	{ name: 'Operation', role: 'operation', ...ofOrganization },
	{ name: 'Admin of a customer', role: 'admin', ...ofCustomer },
	{ name: 'Operation of a customer', role: 'operation', ...ofCustomer },
	{ name: 'B2B', role: 'b2b', ...ofCustomer },
	{ name: 'Customer', role: 'customer', ...ofCustomer },
	{ name: 'Dealer', role: 'dealer', ...ofDealer },
];

interface Program extends Pick<Reader, 'name'>, Sight {
	readonly issuer: string;
	/** The issuer unless told otherwise. */
	readonly owner?: string;
	readonly mayControl: boolean;
	/** Whether it is restricted to the own device. */
	readonly isRestricted?: boolean;
}

const programs: readonly Program[] = [
	{ name: 'read-only token', issuer: 'Admin', mayControl: false, ...ofOrganization },
	{
		name: 'control-enabled token for one device',
		issuer: 'Admin',
		mayControl: true,
		isRestricted: true,
		foreign: ofOthers,
		devices: 1,
		customers: 1,
	},
	{
		name: 'read-only token of a customer’s Operation',
		issuer: 'Operation of a customer',
		mayControl: false,
		...ofCustomer,
	},
	{ name: 'control-enabled token of a Dealer', issuer: 'Dealer', mayControl: true, ...ofDealer },
	{
		name: 'token with control that a Dealer lent',
		issuer: 'Dealer',
		owner: 'Customer',
		mayControl: true,
		isRestricted: true,
		...ofCustomer,
	},
];

/** A product with two organizations, in which something of everything belongs to every realm. */
export class World {
	readonly readers: readonly Reader[];
	readonly things: ReadonlyMap<Realm, Things>;
	readonly product: RunningProduct;
	readonly #keys: ReadonlyMap<string, string>;
	readonly #database: TestDatabase;
	readonly #folder: TestFolder;
	#requests = 0;

	private constructor(
		database: TestDatabase,
		folder: TestFolder,
		product: RunningProduct,
		{ things, keys }: Furniture,
		readers: readonly Reader[],
	) {
		this.#keys = keys;
		this.#database = database;
		this.#folder = folder;
		this.product = product;
		this.things = things;
		this.readers = readers;
	}

	static async start(): Promise<World> {
		const [database, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
		const furniture = await furnish(database);
		const userIds = await addMembers(database, furniture.things);
		const product = await startProduct({
			dataDir: folder.path,
			environment: { DATABASE_URL: database.url },
		});
		const readers: Reader[] = [];
		const world = new World(database, folder, product, furniture, readers);
		for (const { name, role, foreign, devices, customers } of members)
			readers.push({
				name,
				role,
				foreign,
				devices,
				customers,
				isMember: true,
				cookie: await world.#signIn(name, host),
				things: { userId: userIds.get(name) },
			});
		const people = [...readers];
		for (const [place, person] of people.entries())
			if (isAdmitted(createToken.admits, person.role)) {
				const { publicId } = await world.#issue(person, { mayControl: false, ownerId: null });
				await world.#restrictToPast(publicId);
				readers[place] = { ...person, things: { ...person.things, publicId } };
			}
		for (const { name, issuer, owner = issuer, mayControl, isRestricted, ...sight } of programs) {
			const person = people.find((each) => each.name === issuer);
			if (person === undefined) throw new Error(`There is no ${issuer}.`);
			const ownerId = userIds.get(owner) ?? null;
			const { token } = await world.#issue(person, { mayControl, ownerId, isRestricted });
			readers.push({
				name,
				role: members.find((member) => member.name === owner)?.role ?? null,
				...sight,
				isMember: true,
				cookie: '',
				token: { text: token, mayControl },
				things: {},
			});
		}
		const nobody = {
			role: null,
			isMember: false,
			foreign: Object.values(realms).filter((realm) => realm !== own),
			devices: 0,
			customers: 0,
			things: {},
		};
		readers.push(
			{ name: 'nobody', cookie: '', ...nobody },
			{
				name: 'an Admin of another organization',
				cookie: await world.#signIn('Islander', otherHost),
				...nobody,
			},
		);
		await giveUpPasswords(database.pool, otherOrganization);
		return world;
	}

	thingsOf(realm: Realm): Things {
		return this.things.get(realm) ?? {};
	}

	/** A realm's things as a reader names them: its own in addition. */
	thingsFor(reader: Reader, realm: Realm): Things {
		return { ...this.thingsOf(realm), ...(realm === own && reader.things) };
	}

	async ask(reader: Reader, asked: Asked): Promise<Answer> {
		const { promise, resolve, reject } = Promise.withResolvers<Answer>();
		// Each request comes from another address: nobody is refused for asking much.
		const number = ++this.#requests;
		const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
		const request = httpRequest(
			{
				host: '127.0.0.1',
				port: new URL(this.product.url).port,
				path: asked.path,
				method: asked.method,
				headers: {
					host,
					cookie: reader.cookie,
					origin: `http://${host}`,
					...(reader.token && { authorization: `Bearer ${reader.token.text}` }),
					'x-forwarded-for': address,
					...(asked.body && {
						'content-type': asked.body.type,
						'content-length': Buffer.byteLength(asked.body.text),
					}),
				},
			},
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('end', () =>
					resolve({
						status: response.statusCode ?? 0,
						type: response.headers['content-type'] ?? '',
						headers: Object.fromEntries(
							tellingHeaders.flatMap((name) => {
								const value = response.headers[name];
								return value === undefined ? [] : [[name, String(value)]];
							}),
						),
						body: Buffer.concat(chunks),
					}),
				);
			},
		);
		request.on('error', reject);
		request.end(asked.body?.text);
		return promise;
	}

	/** Issues a token as the page does. */
	async #issue(
		issuer: Reader,
		wanted: {
			readonly mayControl: boolean;
			/** Null: the issuer. */
			readonly ownerId: string | null;
			readonly isRestricted?: boolean | undefined;
		},
	) {
		const { status, body } = await this.ask(issuer, {
			method: createToken.method,
			path: createToken.path,
			body: {
				type: 'application/json',
				text: JSON.stringify({
					name: 'walk',
					...(wanted.ownerId !== null && { ownerId: wanted.ownerId }),
					kind: wanted.mayControl ? 'control' : 'read_only',
					deviceIds: wanted.isRestricted ? [this.thingsOf(own).deviceId] : null,
					expiresInDays: 1,
					confirm: 'Confirm',
				}),
			},
		});
		if (status !== 200) throw new Error(`No token for ${issuer.name}: ${body}`);
		return createToken.reply.parse(JSON.parse(body.toString()));
	}

	/** A token that was for two devices, of which one belongs to somebody else since. */
	async #restrictToPast(publicId: string): Promise<void> {
		const deviceNos = [own, formerlyOwned].map((realm) => this.thingsOf(realm).deviceNo);
		await this.#database.pool.query('update api_token set device_nos = $2 where public_id = $1', [
			publicId,
			deviceNos,
		]);
	}

	/** The live connection as a page would open it; not yet open when it returns. */
	openLive(reader: Reader): WebSocket {
		const url = new URL(livePath, this.product.url.replace('http', 'ws'));
		const socket = new WebSocket(url, {
			headers: { host, cookie: reader.cookie, origin: `http://${host}` },
		});
		// A connection that is refused and given up complains, too.
		socket.on('error', () => {});
		return socket;
	}

	/** A realm's device says something, its canary with it, and has it acknowledged. */
	async report(realm: Realm): Promise<void> {
		const { deviceId, deviceNo } = this.thingsOf(realm);
		if (deviceId === undefined) return;
		const client = await connectAsync(`mqtt://127.0.0.1:${this.product.mqttPort}`, {
			clientId: String(deviceId),
			username: String(deviceId),
			password: this.#keys.get(String(deviceId)) ?? '',
			reconnectPeriod: 0,
		});
		const body = { boot: 'walk', seq: deviceNo, soc_pct: reportedSocPct, firmware: realm.canary };
		await client.publishAsync(telemetryTopic(String(deviceId)), JSON.stringify(body), { qos: 1 });
		await client.endAsync();
	}

	/** An Admin takes a realm's device from whoever has it, and gives it back. */
	async moveAround(realm: Realm): Promise<void> {
		const { deviceId } = this.thingsOf(realm);
		const admin = this.readers.find(({ name }) => name === 'Admin');
		if (admin === undefined) throw new Error('There is no Admin.');
		const { customerNo, dealerNo } = this.thingsOf(otherDealer);
		const theirs = { customerNo, dealerNo };
		const nobodys = { customerNo: null, dealerNo: null };
		for (const [from, to] of [
			[theirs, nobodys],
			[nobodys, theirs],
		]) {
			const devices = [{ deviceId, ...from }];
			const text = JSON.stringify({ devices, ...to, confirm: 'Confirm' });
			const { method, path } = assignDevices;
			const answer = await this.ask(admin, {
				method,
				path,
				body: { type: 'application/json', text },
			});
			if (answer.status !== 200) throw new Error(`${realm.name} was not moved: ${answer.body}`);
		}
	}

	/** Every row of every table that is a realm's, by its canary or by a number, as text. */
	async rowsOf({ canary, firstNo }: Realm): Promise<string[]> {
		const { rows: tables } = await this.#database.pool.query<{ name: string }>(
			`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public' order by 1`,
		);
		const found: string[] = [];
		for (const { name } of tables) {
			const { rows } = await this.#database.pool.query<{ text: string }>(
				`select t::text as text from ${name} t where t::text ilike $1 or t::text ~ $2 order by 1`,
				[`%${canary}%`, `[(,{]${firstNo / 1000}\\d{3}[),}]`],
			);
			found.push(...rows.map(({ text }) => `${name} ${text}`));
		}
		return found;
	}

	async #signIn(name: string, at: string): Promise<string> {
		const answer = await fetch(new URL('/api/auth/sign-in/email', this.product.url), {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'x-forwarded-host': at,
				origin: `http://${at}`,
			},
			body: JSON.stringify({ email: emailOf(name), password }),
		});
		const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
		if (!answer.ok || cookie === undefined)
			throw new Error(`The sign-in of ${name} answered ${answer.status}: ${await answer.text()}`);
		return cookie;
	}

	async close(): Promise<void> {
		await this.product.end('SIGTERM');
		await this.#folder.remove();
		await this.#database.drop();
	}
}

function emailOf(name: string): string {
	return `${name.toLowerCase().replaceAll(' ', '-')}@example.org`;
}

/** @returns ids of the members by their names */
async function addMembers(
	{ database }: TestDatabase,
	things: ReadonlyMap<Realm, Things>,
): Promise<ReadonlyMap<string, string>> {
	const numberOf = (realm: Realm | undefined, kind: 'customerNo' | 'dealerNo') =>
		realm === undefined ? null : Number(things.get(realm)?.[kind]);
	const organizationNo = own.firstNo;
	const userIds = new Map<string, string>();
	for (const { name, role, dealer, customer } of members) {
		const customerNo = numberOf(customer, 'customerNo');
		const userId = await createMember(database, {
			organizationNo,
			name,
			email: emailOf(name),
			password,
			role,
			dealerNo: numberOf(dealer, 'dealerNo'),
			customerNos: customerNo === null ? null : [customerNo],
		});
		userIds.set(name, userId);
	}
	await createMember(database, {
		organizationNo: otherOrganization.firstNo,
		name: 'Islander',
		email: emailOf('Islander'),
		password,
		role: 'admin',
		dealerNo: null,
		customerNos: null,
	});
	return userIds;
}

interface Furniture {
	readonly things: ReadonlyMap<Realm, Things>;
	/** Device keys by Device ID. */
	readonly keys: ReadonlyMap<string, string>;
}

/** Puts something of every kind into every realm. @returns how to name it */
async function furnish(db: TestDatabase): Promise<Furniture> {
	const { pool } = db;
	const things = new Map<Realm, Things>();
	const keys = new Map<string, string>();
	await numberFrom(pool, own);
	await found(pool, own, host);
	await numberFrom(pool, otherOrganization);
	await found(pool, otherOrganization, otherHost);
	const days = [0, ...Object.values(pastDays)];
	// What happened an hour before may have happened the day before.
	await new ReadingsPartitions(pool).ensure(
		days.flatMap((day) => [0, hourMs].map((ms) => dayOf(Date.now() - day * dayMs - ms))),
	);
	const harbour = own.firstNo;
	const dealers = new Map<Realm, number>();
	const customers = new Map<Realm, number>();
	const locations = new Map<number, number>();
	for (const [realm, organizationNo, dealerOf] of [
		[own, harbour, own],
		[otherCustomer, harbour, own],
		[otherDealer, harbour, otherDealer],
		[otherOrganization, otherOrganization.firstNo, otherOrganization],
	] as const) {
		await numberFrom(pool, realm);
		const dealerNo =
			dealers.get(dealerOf) ??
			(await number(
				pool,
				`insert into dealer (organization_no, name, city) values ($1, $2 || ' dealer', $2 || ' town') returning dealer_no`,
				[organizationNo, realm.canary],
			));
		dealers.set(dealerOf, dealerNo);
		// Customers of one organization are registered at one location, which counts those that a reader sees.
		const isFirst = realm === own || realm === otherOrganization;
		if (isFirst)
			locations.set(
				organizationNo,
				await number(
					pool,
					`insert into location (organization_no, city, district, state, country, zone, lat, lon)
					values ($1, $2 || ' town', $2, $2, 'IN', $2, 18.5, 73.8) returning location_no`,
					[organizationNo, realm.canary],
				),
			);
		const locationNo = locations.get(organizationNo);
		const customerNo = await number(
			pool,
			`insert into customer (organization_no, dealer_no, name, email, mobile, address, city, pin_code, location_no)
			values ($1, $2, $3 || ' customer', 'customer@' || $3 || '.example', $3, $3, $3 || ' town', $3, $4)
			returning customer_no`,
			[organizationNo, dealerNo, realm.canary, locationNo],
		);
		customers.set(realm, customerNo);
		const role = realm === otherCustomer ? 'customer' : 'dealer';
		const user = await addUser(db, realm, organizationNo, role, { dealerNo, customerNo });
		const device = await addDevice(db, keys, realm, organizationNo, dealerNo, customerNo);
		things.set(realm, {
			...device,
			...user,
			customerNo,
			// Of a dealer who has it himself, the dealer is nobody else's.
			...(dealerOf === realm && { dealerNo }),
			...(isFirst && { locationNo }),
		});
	}
	const [ours, theirs] = [own, otherDealer].map((realm) => ({
		organizationNo: harbour,
		customerNo: customers.get(realm) ?? 0,
		dealerNo: dealers.get(realm) ?? 0,
	}));
	if (ours === undefined || theirs === undefined) throw new Error('Nobody has devices.');
	await numberFrom(pool, formerlyOwned);
	const moved = await addDevice(
		db,
		keys,
		formerlyOwned,
		harbour,
		theirs.dealerNo,
		theirs.customerNo,
	);
	await belongedTo(pool, moved.deviceNo, ours);
	// What it did for its former owner went with it.
	await addHistory(pool, formerlyOwned, { deviceNo: moved.deviceNo, ...ours }, pastDays.before);
	things.set(formerlyOwned, moved);
	await numberFrom(pool, inherited);
	const deviceNo = Number(things.get(own)?.deviceNo);
	await belongedTo(pool, deviceNo, theirs);
	const past = await addHistory(pool, inherited, { deviceNo, ...theirs }, pastDays.before);
	things.set(inherited, { ...past, text: inherited.canary });

	things.set(own, { ...things.get(own), ...(await addHouse(db, own, harbour)) });
	await numberFrom(pool, house);
	things.set(house, await addHouse(db, house, harbour));
	await numberFrom(pool, otherOrganization, 100);
	const { firstNo } = otherOrganization;
	things.set(otherOrganization, {
		...things.get(otherOrganization),
		...(await addHouse(db, otherOrganization, firstNo)),
	});
	await numberFrom(pool, own, 500);
	things.set(realms.nowhere, nothingLike(things.get(otherOrganization) ?? {}));
	return { things, keys };
}

/** Things that there are not, called as those of another realm are. */
function nothingLike(things: Things): Things {
	const { nowhere } = realms;
	return Object.fromEntries(
		Object.entries(things).map(([kind, value]) => [
			kind,
			typeof value === 'number'
				? nowhere.firstNo + (value % 1000)
				: value.includes(otherOrganization.canary)
					? value.replace(otherOrganization.canary, nowhere.canary)
					: nowhere.canary,
		]),
	);
}

/** From now on whatever is numbered gets a number of the realm. */
async function numberFrom(pool: pg.Pool, { firstNo }: Realm, place = 0): Promise<void> {
	const { rows } = await pool.query<{ name: string }>(
		`select c.oid::regclass::text as name from pg_class c
		where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace`,
	);
	for (const { name } of rows)
		await pool.query(`alter sequence ${name} restart with ${firstNo + place}`);
}

async function number(pool: pg.Pool, sql: string, values: readonly unknown[]): Promise<number> {
	const { rows } = await pool.query<Record<string, number>>(sql, [...values]);
	const [value] = Object.values(rows[0] ?? {});
	if (value === undefined) throw new Error(`Nothing came of ${sql}`);
	return value;
}

async function found(pool: pg.Pool, { canary }: Realm, at: string): Promise<void> {
	const organizationNo = await number(
		pool,
		`insert into organization (name, time_zone, country, locale) values ($1, 'UTC', 'IN', 'en-IN') returning organization_no`,
		[`${canary} fleet`],
	);
	await pool.query('insert into organization_host (host, organization_no) values ($1, $2)', [
		at,
		organizationNo,
	]);
}

/** From now on an organization's members sign in otherwise than those of one that has decided nothing. */
async function giveUpPasswords(pool: pg.Pool, { firstNo }: Realm): Promise<void> {
	await pool.query('insert into sign_in_policy values ($1, true, false)', [firstNo]);
}

/** A member with a session and an API token. */
async function addUser(
	{ database, pool }: TestDatabase,
	{ canary }: Realm,
	organizationNo: number,
	role: Role,
	{ dealerNo, customerNo }: { dealerNo: number | null; customerNo: number | null },
): Promise<Things> {
	const email = `${role}@${canary}.example`;
	const userId = await createMember(database, {
		organizationNo,
		name: `${canary} person`,
		email,
		password,
		role,
		dealerNo: role === 'dealer' ? dealerNo : null,
		customerNos: role === 'customer' && customerNo !== null ? [customerNo] : null,
	});
	const userNo = await number(
		pool,
		'select membership_no from membership where user_id = $1 and organization_no = $2',
		[userId, organizationNo],
	);
	const sessionId = `${canary}-${role}-session`;
	await pool.query(
		`insert into auth_session ("id", "userId", "token", "expiresAt", "ipAddress", "userAgent")
		values ($1, $2, $1, now() + interval '1 day', $3, $3)`,
		[sessionId, userId, canary],
	);
	const publicId = `${canary}-${role}-token`;
	await pool.query(
		`insert into api_token (organization_no, public_id, secret_hash, name, owner_id, owner_membership_no, owner_email,
			issuer_id, issuer_membership_no, issuer_email, may_control, last_used_ip)
		values ($1, $2, '', $3, $4, $5, $6, $4, $5, $6, false, $3)`,
		[organizationNo, publicId, canary, userId, userNo, email],
	);
	// Nobody's own: whichever a reader is shown is somebody else's.
	if (canary !== own.canary)
		await pool.query(
			`insert into user_preference (user_id, organization_no, key, value)
			values ($1, $2, $3, to_jsonb($4::text))`,
			[userId, organizationNo, preferenceKey, canary],
		);
	return { email, userId, userNo, sessionId, publicId };
}

interface Belonging {
	readonly organizationNo: number;
	readonly dealerNo: number;
	readonly customerNo: number;
}

/** Whoever has a device now has it since the handover, and had it from somebody else. */
async function belongedTo(
	pool: pg.Pool,
	deviceNo: number,
	{ organizationNo, customerNo, dealerNo }: Belonging,
): Promise<void> {
	await pool.query(
		`update device_assignment set during = tstzrange(now() - $2 * interval '1 day', null) where device_no = $1`,
		[deviceNo, pastDays.handover],
	);
	await pool.query(
		`insert into device_assignment (device_no, organization_no, customer_no, dealer_no, during)
		select device_no, $2, $3, $4, tstzrange(lower(during) - interval '1 year', lower(during))
		from device_assignment where device_no = $1`,
		[deviceNo, organizationNo, customerNo, dealerNo],
	);
}

/** A device with a vehicle, its newest word and something that happened an hour ago. */
async function addDevice(
	{ database, pool }: TestDatabase,
	keys: Map<string, string>,
	realm: Realm,
	organizationNo: number,
	dealerNo: number,
	customerNo: number,
): Promise<Things & { readonly deviceNo: number }> {
	const { canary } = realm;
	const deviceId = `${canary}-device`;
	const [device] = await registerDevices(database, organizationNo, [
		{
			deviceId,
			telematicsId: `${canary}-vcu`,
			name: `${canary} rover`,
			simNo: `${canary}-sim`,
			family: 'ev',
			transport: 'gsm',
			vehicle: {
				vin: `${canary}-vin`,
				registrationNo: `${canary}-reg`,
				model: `${canary} model`,
				motorId: `${canary}-motor`,
				bmsId: `${canary}-bms`,
				batteryModel: `${canary} battery`,
				productStatus: 'sold',
			},
			customerNo,
			dealerNo,
		},
	]);
	if (device === undefined) throw new Error(`${deviceId} is not registered`);
	const { deviceNo } = device;
	keys.set(deviceId, device.key);
	const firmware = `${canary}-1.0`;
	await pool.query(
		`insert into device_state (device_no, revision, last_heard_at, newest_at, position_at, power_at, lat, lon, soc_pct,
			ignition, firmware, run_state, sensors)
		values ($1, 1, now(), now(), now(), now(), 18.5, 73.8, 50, false, $2, $2, jsonb_build_object($2::text, $2::text))
		on conflict (device_no) do update set firmware = excluded.firmware, sensors = excluded.sensors, lat = 18.5,
			lon = 73.8, last_heard_at = now(), newest_at = now(), position_at = now()`,
		[deviceNo, firmware],
	);
	const belonging = { deviceNo, organizationNo, dealerNo, customerNo };
	const history = await addHistory(pool, realm, belonging, 0);
	return { ...history, deviceId, deviceNo, firmware, text: canary };
}

/** What a device did so many days ago, less an hour: a reading, a fact, a command, a parked message, a connection. */
async function addHistory(
	pool: pg.Pool,
	{ canary, firstNo }: Realm,
	{ deviceNo, organizationNo, dealerNo, customerNo }: Belonging & { readonly deviceNo: number },
	daysAgo: number,
): Promise<Things> {
	const at = new Date(Date.now() - daysAgo * dayMs - hourMs);
	const firmware = `${canary}-1.0`;
	const commandId = daysAgo === 0 ? `${canary}-command` : `${canary}-command-${daysAgo}`;
	await pool.query(
		`insert into readings (device_no, at, ident, received_at, lat, lon, speed_kmh, soc_pct, odometer_km, firmware, sensors)
		values ($1, $2, 1, $2, 18.5, 73.8, $3 + 1, $3 + 2, $3 + 3, $4, jsonb_build_object($4::text, $4::text))`,
		[deviceNo, at, firstNo, firmware],
	);
	const factNo = await number(
		pool,
		`insert into fact (device_no, organization_no, customer_no, kind, at, details)
		values ($1, $2, $3, 'firmware_reported', $5, jsonb_build_object('from', null, 'to', $4::text))
		returning fact_no`,
		[deviceNo, organizationNo, customerNo, firmware, at],
	);
	await pool.query(
		`insert into device_command (command_id, organization_no, device_no, dealer_no, customer_no, name, requested_at,
			requested_by_id, requested_by_name, expires_at, answer_by)
		values ($1, $2, $3, $4, $5, 'reboot', $6, $1, $1, $6, $6)`,
		[commandId, organizationNo, deviceNo, dealerNo, customerNo, at],
	);
	const parkedNo = await number(
		pool,
		`insert into parked_message (device_no, organization_no, received_at, topic, body, reason, detail)
		values ($1, $2, $4, 'qd/v1/' || $3::text || '-device/telemetry', convert_to($3::text || ' {', 'UTF8'),
			'not_json', $3::text) returning parked_no`,
		[deviceNo, organizationNo, canary, at],
	);
	await pool.query(
		`insert into device_connection (device_no, connection_no, connected_at, ended_at, reason, transport, address,
			client_id, will_topic, will_body)
		values ($1, $3, $4, $4, 'closed', 'mqtt', $2, $2, $2, convert_to($2, 'UTF8'))`,
		[deviceNo, canary, firstNo + daysAgo, at],
	);
	return { factNo, commandId, parkedNo };
}

/** What belongs to an organization as a whole: an import, an entry of the audit log, a mail, a user. */
async function addHouse(db: TestDatabase, realm: Realm, organizationNo: number): Promise<Things> {
	const { canary } = realm;
	const importNo = await number(
		db.pool,
		`insert into device_import (organization_no, file_name, uploaded_by, rows_wrong)
		values ($1, $2 || '.csv', $2 || '@example.org', 1) returning import_no`,
		[organizationNo, canary],
	);
	await db.pool.query(
		`insert into device_import_row (import_no, line, device_id, outcome, problem) values ($1, 2, $2, 'wrong', $2)`,
		[importNo, canary],
	);
	const email = `admin@${canary}.example`;
	const auditNo = await number(
		db.pool,
		`insert into audit_entry (organization_no, user_id, user_email, acting_as, action, subject_kind, subject_id,
			before, after, ip, user_agent, request_id)
		values ($1, $2, $3, 'admin', 'device.edit', 'device', $2 || '-device', to_jsonb($2::text), to_jsonb($2::text), $2,
			$2, $2) returning audit_no`,
		[organizationNo, canary, email],
	);
	const nobody = { dealerNo: null, customerNo: null };
	const user = await addUser(db, realm, organizationNo, 'admin', nobody);
	if (realm === otherOrganization) {
		await db.pool.query(
			'insert into device_setting (organization_no, key_grace_hours, telematics_id_format) values ($1, 1, $2)',
			[organizationNo, canary],
		);
		await db.pool.query(
			'update device_import set rows_wrong = 0, applied_at = now() where import_no = $1',
			[importNo],
		);
		await db.pool.query(
			`insert into sign_in_provider (organization_no, label, issuer, client_id, client_secret, is_enabled)
			values ($1, $2, 'https://' || $2 || '.example', $2, '', true)`,
			[organizationNo, canary],
		);
	}
	const mailNo = await number(
		db.pool,
		`insert into mail (organization_no, sender_name, recipient, subject, text, html, body_until, state, last_error)
		values ($1, $2, $3, $2, $2, $2, now() + interval '1 day', 'kept', $2) returning mail_no`,
		[organizationNo, canary, email],
	);
	return {
		importNo,
		auditNo,
		mailNo,
		...user,
		text: canary,
		...(realm !== house && { organizationNo }),
	};
}

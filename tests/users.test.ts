import { once } from 'node:events';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { z } from 'zod';
import { liveMessageSchema, livePath } from '#contract/live.ts';
import type { Role } from '#contract/roles.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { userPageSchema } from '#modules/users/contract.ts';
import { createMember, type NewMember } from '#modules/users/server/index.ts';
import { paths, rowLink } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, confirmOn, desktop, sizes } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

const password = 'a sentence works well';

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
let organizationNo: number;
let customerNo: number;
let boss: string;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, ['EV-ASHA', 'EV-OTHER']);
	organizationNo = installation.organizationNo;
	await createDealer(db.database, organizationNo, { name: 'North Wheels', city: 'Pune' });
	const newCustomer = (name: string) =>
		createCustomer(db.database, organizationNo, {
			name,
			dealerNo: null,
			email: null,
			mobile: null,
			address: null,
			city: 'Pune',
			pinCode: null,
		});
	customerNo = await newCustomer('Asha Rentals');
	for (const name of ['Bela Parcels', 'Cara Foods']) await newCustomer(name);
	await newMember('admin', { role: 'admin' });
	await newMember('operation');
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	boss = await signIn(product.url, installation.email, installation.password);
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

async function newMember(name: string, parts: Partial<NewMember> = {}): Promise<void> {
	await createMember(db.database, {
		organizationNo,
		name,
		email: `${name}@example.org`,
		password,
		role: 'operation',
		dealerNo: null,
		customerNos: null,
		...parts,
	});
}

function cookieOf(name: string): Promise<string> {
	return signIn(product.url, `${name}@example.org`, password);
}

async function open(
	path: string,
	options: BrowserContextOptions = desktop,
	name = 'admin',
): Promise<Page> {
	return openPage({ path, options, cookie: await cookieOf(name) });
}

async function send(method: string, path: string, cookie: string, body?: object) {
	const answer = await fetch(product.url + path, {
		method,
		headers: {
			cookie,
			origin: product.url,
			...(body !== undefined && { 'content-type': 'application/json' }),
		},
		...(body !== undefined && { body: JSON.stringify({ confirm: 'Confirm', ...body }) }),
	});
	const reply: unknown = await answer.json();
	return { status: answer.status, reply };
}

async function userNoOf(name: string): Promise<number> {
	const { reply } = await send('GET', `/api/admin/users?q=${name}@`, boss);
	return userPageSchema.parse(reply).rows[0]?.userNo ?? 0;
}

/** Changes a user as the first user of the installation. */
async function change(name: string, parts: object): Promise<void> {
	const path = `/api/admin/users/${await userNoOf(name)}`;
	const { reply } = await send('GET', path, boss);
	const { customers, ...user } = z
		.looseObject({ customers: z.array(z.object({ customerNo: z.int() })).nullable() })
		.parse(reply);
	const customerNos = customers?.map((customer) => customer.customerNo) ?? null;
	const before = { ...user, customerNos };
	const answer = await send('PUT', path, boss, { before, after: { ...before, ...parts } });
	expect(answer).toMatchObject({ status: 200 });
}

async function remove(name: string): Promise<void> {
	const path = `/api/admin/users/${await userNoOf(name)}`;
	expect(await send('DELETE', path, boss, {})).toMatchObject({ status: 200 });
}

async function endSessions(name: string): Promise<void> {
	const path = `/api/admin/users/${await userNoOf(name)}/end-sessions`;
	expect(await send('POST', path, boss, {})).toMatchObject({ status: 200 });
}

async function act(page: Page, action: string): Promise<void> {
	await page.getByRole('button', { name: 'Actions' }).click();
	await page.getByRole('menuitem', { name: action }).click();
}

test.each(sizes)('a user is added with chosen customers, %s', async (size, options) => {
	const email = `new-${size}@example.org`;
	const page = await open(paths.users, options);
	await page.getByText('admin@example.org').first().waitFor();
	await picture(page, 'users-list');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Add user' }).click();
	await page.getByRole('textbox', { name: 'User Name' }).fill('admin@example.org');
	await page.getByRole('combobox', { name: 'Role', exact: true }).selectOption('B2B');
	await page.getByRole('button', { name: 'Submit' }).click();
	await page.getByText('Choose at least one customer').waitFor();
	const customers = page.getByRole('combobox', { name: 'Customers' });
	await customers.fill('bela');
	await page.getByRole('option', { name: 'Bela Parcels, Pune' }).click();
	await customers.fill('ASHA');
	await page.getByRole('option', { name: 'Asha Rentals, Pune' }).click();
	await page.getByRole('textbox', { name: 'Name', exact: true }).click();
	await picture(page, 'users-add');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('already in use by a user of this organization').waitFor();
	await page.getByRole('textbox', { name: 'User Name' }).fill(email);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText(`${email} was added and invited.`).waitFor();

	await page.getByLabel(/^Search by/).fill(`new-${size}`);
	await page.getByText('1-1 of 1 items').waitFor();
	await page.goto(
		new URL(rowLink(paths.users, String(await userNoOf(`new-${size}`))), product.url).href,
	);
	await page.getByRole('link', { name: 'Devices of Asha Rentals' }).waitFor();
	await page.getByText('Open sessions').waitFor();
	await picture(page, 'users-panel');
	expect(await violations(page)).toEqual([]);
});

test('a user is edited, invited again and deleted', async () => {
	await send('POST', '/api/admin/users', boss, {
		email: 'changing@example.org',
		name: null,
		role: 'operation',
		misRole: 'user',
		userAccount: 'Command Centre',
		dealerNo: null,
		customerNos: null,
	});
	await db.pool.query(`update membership set invited_at = now() - interval '8 days'
		where user_id = (select "id" from auth_user where "email" = 'changing@example.org')`);
	const userNo = String(await userNoOf('changing'));
	const page = await open(rowLink(paths.users, userNo));
	await page.getByText('Activation expired').first().waitFor();
	await act(page, 'Resend activation');
	await confirmOn(page);
	await page.getByText('The invitation was sent to changing@example.org again.').waitFor();
	await page.getByText('Activation expired').first().waitFor({ state: 'detached' });

	await page.getByRole('button', { name: 'Edit user' }).click();
	await page.getByRole('combobox', { name: 'Role', exact: true }).selectOption('Dealer');
	const dealer = page.getByRole('combobox', { name: 'Dealer' });
	await dealer.fill('north');
	await page.getByRole('option', { name: 'North Wheels, Pune' }).click();
	await page.getByText('Chosen', { exact: true }).click();
	await page.getByRole('combobox', { name: 'Customers' }).fill('cara');
	await page.getByRole('option', { name: 'Cara Foods, Pune' }).click();
	await page.getByRole('textbox', { name: 'Name', exact: true }).click();
	await picture(page, 'users-edit');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('changing@example.org was changed.').waitFor();
	await page.getByRole('link', { name: 'Devices of North Wheels' }).waitFor();
	expect(
		await page.getByRole('link', { name: 'Devices of Cara Foods' }).getAttribute('href'),
	).toMatch(/^\/console\?customerNo=\d+$/);

	await page.getByRole('button', { name: 'Delete user' }).click();
	await confirmOn(page);
	await page.getByText('changing@example.org was deleted.').waitFor();
	expect(await userNoOf('changing')).toBe(0);
	await page.goto(new URL(`${paths.audit}?q=changing@example.org`, product.url).href);
	for (const action of ['User added', 'Activation sent again', 'User edited', 'User deleted'])
		await page.getByText(action).first().waitFor();
});

test('who takes the invitation of the mail is active', async () => {
	await send('POST', '/api/admin/users', boss, {
		email: 'coming@example.org',
		name: 'Coming',
		role: 'operation',
		misRole: 'user',
		userAccount: 'Command Centre',
		dealerNo: null,
		customerNos: null,
	});
	const { rows } = await db.pool.query(
		`select text from mail where recipient = 'coming@example.org'`,
	);
	const [link = ''] = /http\S+\/activate#\S+/.exec(rows[0].text) ?? [];
	const userNo = String(await userNoOf('coming'));
	const admin = await open(rowLink(paths.users, userNo));
	await admin.getByText('Invited').first().waitFor();
	const page = await openPage({ path: link });
	await page.getByLabel('New password', { exact: true }).fill('a lantern by the quay');
	await page.getByRole('button', { name: 'Activate account' }).click();
	await page.getByText('Your account is activated.').waitFor();
	await admin.getByRole('button', { name: 'Refresh' }).click();
	await admin.getByRole('complementary', { name: 'Details' }).getByText('Active').waitFor();
	await admin.getByText('Never').first().waitFor();
});

test('the second of two editors is told what the first changed', async () => {
	await newMember('contested');
	const userNo = String(await userNoOf('contested'));
	const page = await open(`${rowLink(paths.users, userNo)}&form=${userNo}`);
	await page.getByRole('textbox', { name: 'User Account' }).fill('Workshop');
	await change('contested', { misRole: 'admin', customerNos: [customerNo] });
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('MIS Role is now ADMIN, Customer list is now Asha Rentals').waitFor();
	await picture(page, 'users-conflict');
});

test('what an administrator may not do is said, or not offered', async () => {
	await newMember('chief', { role: 'super_admin' });
	const page = await open(rowLink(paths.users, String(await userNoOf('chief'))));
	await page.getByRole('button', { name: 'Delete user' }).click();
	await confirmOn(page);
	await page.getByText('Only a Super Admin may do this').waitFor();
	const own = await userNoOf('admin');
	await page.goto(new URL(`${paths.users}?row=${own}&form=${own}`, product.url).href);
	await page.getByText('You cannot change your own role.').waitFor();
	await expect
		.poll(() => page.getByRole('combobox', { name: 'Role', exact: true }).isDisabled())
		.toBe(true);
	await picture(page, 'users-own');
	expect(await violations(page)).toEqual([]);
	const reader = await open(rowLink(paths.users, String(own)), desktop, 'operation');
	await reader.getByRole('complementary', { name: 'Details' }).getByText('Open sessions').waitFor();
	for (const name of ['Add user', 'Edit user', 'Delete user', 'Actions'])
		expect(await reader.getByRole('button', { name }).count(), name).toBe(0);
});

interface Watched {
	readonly cookie: string;
	/** Status of `/api/session` and of a page of administration. */
	statuses(): Promise<readonly number[]>;
	/** Close code of the live connection. */
	readonly closed: Promise<number>;
}

/** Somebody signed in with a live connection that watches the fleet. */
async function watched(name: string, parts: Partial<NewMember> = {}): Promise<Watched> {
	await newMember(name, parts);
	const cookie = await cookieOf(name);
	const socket = new WebSocket(product.url.replace('http', 'ws') + livePath, {
		headers: { cookie },
	});
	const closed = new Promise<number>((resolve) => socket.once('close', resolve));
	const [first] = await once(socket, 'message');
	expect(liveMessageSchema.parse(JSON.parse(String(first)))).toMatchObject({ type: 'beat' });
	const status = async (path: string) => (await send('GET', path, cookie)).status;
	return {
		cookie,
		closed,
		statuses: async () => [await status('/api/session'), await status('/api/admin/users')],
	};
}

const sessionEnded = 4401;

test.each<[string, Partial<NewMember>, (name: string) => Promise<void>, readonly number[]]>([
	['deleted', {}, remove, [401, 401]],
	['signed-out', {}, endSessions, [401, 401]],
	[
		'demoted',
		{ role: 'admin' },
		(name) => change(name, { role: 'customer', customerNos: [customerNo] }),
		[200, 403],
	],
	['narrowed', {}, (name) => change(name, { customerNos: [customerNo] }), [200, 403]],
	['measured', {}, (name) => change(name, { misRole: 'admin' }), [200, 200]],
])(
	'who is %s loses the live connection at once, and the next request',
	async (name, parts, act, after) => {
		const user = await watched(name, parts);
		expect(await user.statuses()).toEqual([200, 200]);
		await act(name);
		expect(await user.statuses()).toEqual(after);
		expect(await user.closed).toBe(sessionEnded);
	},
);

test('an open page of somebody who is deleted leads to the sign-in page', async () => {
	await newMember('leaving');
	const page = await open(paths.users, desktop, 'leaving');
	await page.getByText('leaving@example.org').first().waitFor();
	await remove('leaving');
	await page.waitForURL(/\/sign-in/);
	await page.getByLabel('E-mail').waitFor();
});

test('an open page of somebody who becomes a customer has another rail', async () => {
	await newMember('moving', { role: 'admin' });
	const page = await open(paths.console, desktop, 'moving');
	await page.getByText('EV-OTHER').first().waitFor();
	const rail = page.getByRole('navigation').first();
	await rail.getByRole('link', { name: 'Users' }).waitFor();
	const role: Role = 'customer';
	await change('moving', { role, customerNos: [customerNo] });
	await rail.getByRole('link', { name: 'Users' }).waitFor({ state: 'detached' });
	await rail.getByRole('link', { name: 'Fleet Console' }).waitFor();
	await page.getByText('EV-OTHER').waitFor({ state: 'detached' });
});

test('addresses and passwords are in no log', () => {
	for (const secret of [password, 'new-desktop@example.org'])
		expect(product.said()).not.toContain(secret);
});

import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '#contract/roles.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createOrganization } from '#modules/organization/server/index.ts';
import { assignDevice } from '#modules/products/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation } from './harness/installation.ts';
import { browserPages, confirmOn, desktop, sizes } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';
import { unzip } from './harness/workbook.ts';

const password = 'a sentence works well';

let db: TestDatabase;
let folder: TestFolder;
let product: RunningProduct;
let operatorPassword: string;
let otherNo: number;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	const { devices, organizationNo, ...operator } = await createInstallation(db.url, [
		'EV-NORTH',
		'EV-SOUTH',
	]);
	operatorPassword = operator.password;
	const unknown = { email: null, mobile: null, address: null, city: null, pinCode: null };
	const dealerNo = await createDealer(db.database, organizationNo, { name: 'North', city: null });
	const customerNo = await createCustomer(db.database, organizationNo, {
		name: 'Lotus',
		dealerNo: null,
		...unknown,
	});
	for (const { deviceId, deviceNo } of devices)
		await assignDevice(db.database, organizationNo, deviceNo, {
			vehicleNo: null,
			customerNo,
			dealerNo: deviceId === 'EV-NORTH' ? dealerNo : null,
		});
	const member = (role: Role) =>
		createMember(db.database, {
			organizationNo,
			name: role,
			email: `${role}@example.org`,
			password,
			role,
			dealerNo: role === 'dealer' ? dealerNo : null,
			customerNos: role === 'customer' || role === 'b2b' ? [customerNo] : null,
		});
	for (const role of ['admin', 'dealer', 'customer', 'b2b'] as const) await member(role);
	otherNo = await createOrganization(db.database, {
		name: 'Island',
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts: [],
	});
	await createMember(db.database, {
		organizationNo: otherNo,
		name: 'Ina',
		email: 'island@example.org',
		password,
		role: 'admin',
		dealerNo: null,
		customerNos: null,
	});
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

async function open(role: Role, options: BrowserContextOptions = desktop): Promise<Page> {
	const cookie = await signIn(product.url, `${role}@example.org`, password);
	return openPage({ path: paths.tokens, options, cookie });
}

/** Reads the token that is shown once, and closes its window. */
async function noteToken(page: Page): Promise<string> {
	const token = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
	expect(token).toMatch(/^ft_[0-9a-f]{16}_[\w-]{43}$/);
	await page.getByRole('button', { name: 'I have noted it' }).click();
	await page.getByText(token).waitFor({ state: 'detached' });
	return token;
}

async function ask(token: string, path: string): Promise<{ status: number; text: string }> {
	const headers = { authorization: `Bearer ${token}` };
	const answer = await fetch(`${product.url}/api/v1${path}`, { headers });
	return { status: answer.status, text: await answer.text() };
}

test.each(sizes)('a token is issued, works, and is revoked, %s', async (size, options) => {
	const page = await open('admin', options);
	await page.getByRole('button', { name: 'Issue token' }).first().click();
	await page.getByRole('textbox', { name: 'Name' }).fill(`Report ${size}`);
	await picture(page, 'tokens-issue');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Submit' }).click();
	await page
		.getByText('owned by admin@example.org, for every device that its owner and you see')
		.waitFor();
	await confirmOn(page);
	await page.getByText('it cannot be shown again').waitFor();
	await picture(page, 'tokens-shown');
	expect(await violations(page)).toEqual([]);
	const token = await noteToken(page);
	expect(await ask(token, '/me')).toMatchObject({ status: 200 });

	await page.reload();
	await page.getByText(`Report ${size}`).first().click();
	await page.getByText('What both its owner and its issuer see.').waitFor();
	await page.getByText('127.0.0.1').first().waitFor();
	await picture(page, 'tokens-detail');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Actions' }).last().click();
	await page.getByRole('menuitem', { name: 'Revoke' }).click();
	await page.getByText(`Ends the token “Report ${size}” of admin@example.org at once.`).waitFor();
	await confirmOn(page);
	await page.getByText(`The token “Report ${size}” was revoked`).waitFor();
	expect(await ask(token, '/me')).toMatchObject({ status: 401 });
	await page.getByText('Revoked by').waitFor();
});

test('a Dealer lends a Customer control of a device that both reach', async () => {
	const page = await open('dealer');
	await page.getByRole('button', { name: 'Issue token' }).first().click();
	await page.getByRole('textbox', { name: 'Name' }).fill('Depot gate');
	await page.getByRole('combobox', { name: 'Owner' }).click();
	await page.getByRole('option', { name: 'customer@example.org' }).click();
	await page.getByLabel('Kind').selectOption('Control-enabled');
	await page.getByRole('button', { name: 'Submit' }).click();
	await page.getByText('A Customer’s token controls chosen devices only.').last().waitFor();
	await page.getByRole('combobox', { name: 'Restrict to devices' }).click();
	await page.getByRole('option', { name: 'EV-NORTH' }).waitFor();
	expect(await page.getByRole('option', { name: 'EV-SOUTH' }).count()).toBe(0);
	await page
		.getByRole('combobox', { name: 'Restrict to devices' })
		.pressSequentially('EV-NORTH,EV-SOUTH,');
	await page.getByRole('textbox', { name: 'Name' }).click();
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await picture(page, 'tokens-refused');
	await page.getByText('There is no device EV-SOUTH that both you and the owner see.').waitFor();
	await page.getByRole('combobox', { name: 'Restrict to devices' }).press('Backspace');
	await page.getByRole('textbox', { name: 'Name' }).click();
	expect(await violations(page)).toEqual([]);
	await picture(page, 'tokens-lend');
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	const token = await noteToken(page);
	expect((await ask(token, '/devices')).text).toContain('EV-NORTH');
	expect((await ask(token, '/devices')).text).not.toContain('EV-SOUTH');

	const other = await open('customer');
	await other.getByText('Depot gate').first().click();
	await other.getByRole('link', { name: 'EV-NORTH' }).waitFor();
});

test('a Customer issues read-only tokens for itself', async () => {
	const page = await open('customer');
	await page.getByRole('button', { name: 'Issue token' }).first().click();
	await page.getByRole('textbox', { name: 'Name' }).fill('My meter');
	await expect.poll(() => page.getByLabel('Kind').isDisabled()).toBe(true);
	await page.getByRole('combobox', { name: 'Owner' }).click();
	await page.getByRole('option', { name: 'customer@example.org (you)' }).waitFor();
	expect(await page.getByRole('option', { name: 'example.org' }).count()).toBe(1);
	await page.keyboard.press('Escape');
	await page.getByLabel('Expires in').selectOption('Never');
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	const token = await noteToken(page);
	expect(await ask(token, '/fleet/summary')).toMatchObject({ status: 200 });
});

test('filters, the workbook and the audit log know tokens', async () => {
	const page = await open('admin');
	await page.getByLabel('Search name, owner or public ID').fill('Depot');
	await page.getByText('1-1 of 1 items').waitFor();
	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Download all rows as Excel' }).click();
	const file = await readFile(await (await download).path());
	const sheet = unzip(file).get('xl/worksheets/sheet1.xml') ?? '';
	expect(sheet).toContain('Depot gate');
	expect(sheet).not.toContain('My meter');
	await page.getByText('Depot gate').first().click();
	await page.getByRole('link', { name: 'Audit log' }).last().click();
	await page.getByText('API token created').first().waitFor();
});

test('a B2B user has no tokens', async () => {
	const page = await open('b2b');
	await page.getByRole('heading', { name: 'This page is not open to your role' }).waitFor();
	expect(await page.getByRole('button', { name: 'Issue token' }).count()).toBe(0);
	const cookie = await signIn(product.url, 'b2b@example.org', password);
	const answer = await fetch(`${product.url}/api/admin/tokens`, { headers: { cookie } });
	expect(answer.status).toBe(403);
});

test('a Super Admin who entered an organization chooses who of its members owns a token', async () => {
	const cookie = await signIn(product.url, 'operator@example.org', operatorPassword);
	const entering = await fetch(`${product.url}/api/admin/organizations/${otherNo}/enter`, {
		method: 'POST',
		headers: { cookie, origin: product.url, 'content-type': 'application/json' },
		body: '{}',
	});
	expect(entering.status).toBe(200);
	const page = await openPage({ path: paths.tokens, options: desktop, cookie });
	await page.getByRole('button', { name: 'Issue token' }).first().click();
	await page.getByRole('textbox', { name: 'Name' }).fill('Depot report');
	await page.getByRole('button', { name: 'Submit' }).click();
	await page.getByText('Choose who will own it.').waitFor();
	expect(await violations(page)).toEqual([]);
	await picture(page, 'entered');
	await page.getByRole('combobox', { name: 'Owner' }).click();
	await page.getByRole('option', { name: 'island@example.org' }).click();
	await page.getByRole('button', { name: 'Submit' }).click();
	await page.getByText('owned by island@example.org').waitFor();
	await confirmOn(page);
	const token = await noteToken(page);
	expect((await ask(token, '/me')).text).toContain('island@example.org');
});

import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { PreviewServer } from 'vite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOrganization } from '#modules/organization/server/index.ts';
import { servePreferenceRoutes } from '#modules/preferences/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { serveKitPages } from './harness/kit-pages.ts';
import { browserPages, phone } from './harness/pages.ts';
import { startPortal, type TestPortal } from './harness/portal.ts';
import { serveVehicles } from './kit/serve.ts';
import type { Vehicle } from './kit/vehicles.ts';

const password = 'a sentence works well';
const vehicles = new Map<string, Vehicle>();
const cookies = { admin: '', operation: '' };
let db: TestDatabase;
let portal: TestPortal;
let folder: TestFolder;
let server: PreviewServer;

const open = browserPages(() => server.resolvedUrls?.local[0] ?? '');

beforeAll(async () => {
	db = await createTestDatabase();
	const organizationNo = await createOrganization(db.database, {
		name: 'Harbour',
		timeZone: 'UTC',
		country: 'IN',
		locale: 'en-IN',
		isDemo: false,
		hosts: [],
	});
	portal = await startPortal(db, {
		async add({ app }) {
			servePreferenceRoutes(app, db.database);
			serveVehicles(app, vehicles);
		},
	});
	for (const role of ['admin', 'operation'] as const) {
		const email = `${role}@example.org`;
		const member = { organizationNo, name: role, email, password, role };
		await createMember(db.database, { ...member, dealerNo: null, customerNos: null });
		cookies[role] = await portal.signIn(email, password);
	}
	folder = await createTestFolder();
	server = await serveKitPages(folder.path, portal.url);
});
afterAll(async () => {
	await server.close();
	await portal.close();
	await db.drop();
	await folder.remove();
});
beforeEach(() => {
	vehicles.clear();
	for (const vin of ['MDQ1', 'MDQ2', 'MDQ3'])
		vehicles.set(vin, { vin, note: `Note of ${vin}`, isParked: vin === 'MDQ3' });
});

interface OpenGrid {
	readonly role?: keyof typeof cookies;
	readonly search?: string;
	readonly options?: BrowserContextOptions;
	readonly direction?: 'rtl';
}

async function openGrid({ role = 'admin', search = '', options, direction }: OpenGrid = {}) {
	const page = await open({
		path: `grid.html${search}`,
		cookie: cookies[role],
		...(options && { options }),
		async before(page) {
			if (direction)
				await page.addInitScript((value) => sessionStorage.setItem('direction', value), direction);
		},
	});
	await page.getByText(/items$/).waitFor();
	return page;
}

function button(page: Page, name: string) {
	return page.getByRole('button', { name, exact: true });
}

function tick(page: Page, vin: string): Promise<void> {
	return page.getByRole('checkbox', { name: `Select ${vin}` }).check();
}

/** The typed confirmation; it has the title of what it confirms and stands above it. */
function confirmation(page: Page) {
	return page.getByRole('dialog').filter({ hasText: 'to go ahead' });
}

async function confirm(page: Page, what: string): Promise<void> {
	await confirmation(page).getByText(what).waitFor();
	await confirmation(page).getByRole('textbox').fill('confirm');
	await page.keyboard.press('Enter');
	await confirmation(page).waitFor({ state: 'detached' });
}

test('N opens a form whose address can be shared, and what is added is in the list', async () => {
	const page = await openGrid();
	await page.keyboard.press('n');
	await page.waitForURL('**/grid.html?form=new');
	await page.reload();
	const vin = page.getByRole('textbox', { name: 'VIN' });
	await expect.poll(() => vin.evaluate((one) => one === document.activeElement)).toBe(true);
	await page.keyboard.type('MDQ1');
	await page.keyboard.press('Enter');
	await page.getByText('Write a note.').waitFor();
	await page.getByRole('textbox', { name: 'Note' }).fill('New');
	await page.keyboard.press('Enter');
	await confirm(page, 'This adds the vehicle MDQ1.');
	await page.getByText('MDQ1 is already in use.').waitFor();
	await vin.fill('MDQ4');
	await page.keyboard.press('Enter');
	await confirm(page, 'This adds the vehicle MDQ4.');
	await page.getByText('MDQ4 was added.').waitFor();
	await page.getByText('1-4 of 4 items').waitFor();
	await page.waitForURL('**/grid.html');
	await button(page, 'Add vehicle').click();
	await expect.poll(() => vin.inputValue()).toBe('');
});

test('leaving a changed form by the Back of the browser asks first', async () => {
	const page = await openGrid();
	await page.keyboard.press('n');
	const vin = page.getByRole('textbox', { name: 'VIN' });
	await vin.fill('MDQ4');
	await page.goBack();
	const question = page.getByRole('dialog', { name: 'Leave without saving?' });
	await question.waitFor();
	expect(await violations(page)).toEqual([]);
	await question.locator('button:focus').waitFor();
	await page.keyboard.press('Enter');
	await question.waitFor({ state: 'detached' });
	expect(await vin.inputValue()).toBe('MDQ4');
	await page.waitForURL('**/grid.html?form=new');
	await page.goBack();
	await question.getByRole('button', { name: 'Discard' }).click();
	await page.waitForURL('**/grid.html');
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await page.keyboard.press('n');
	await vin.waitFor();
	await page.goBack();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('rows per page are kept for the person; the address wins', async () => {
	const page = await openGrid({ role: 'operation', search: '?page=2' });
	await page.getByText('1-3 of 3 items').waitFor();
	const size = page.getByLabel('Rows per page');
	const kept = page.waitForResponse((answer) => answer.request().method() === 'PUT');
	await size.selectOption('50');
	await page.waitForURL('**/grid.html?pageSize=50');
	expect((await kept).status()).toBe(200);
	const elsewhere = await openGrid({ role: 'operation' });
	const sizeElsewhere = elsewhere.getByLabel('Rows per page');
	await expect.poll(() => sizeElsewhere.inputValue()).toBe('50');
	await elsewhere.goto(new URL('grid.html?pageSize=100', elsewhere.url()).href);
	await expect.poll(() => sizeElsewhere.inputValue()).toBe('100');
});

test('the pencil needs one row: the ticked one, else the open one', async () => {
	const page = await openGrid();
	const pencil = button(page, 'Edit vehicle');
	expect(await pencil.isDisabled()).toBe(true);
	await tick(page, 'MDQ1');
	await tick(page, 'MDQ2');
	await page.getByText('2 selected').waitFor();
	expect(await pencil.isDisabled()).toBe(true);
	await button(page, 'Select none').click();
	await button(page, 'Details of MDQ2').click();
	await page.getByRole('complementary').getByText('On the road').waitFor();
	await page.keyboard.press('e');
	const note = page.getByRole('dialog').getByLabel('Note');
	await expect.poll(() => note.inputValue()).toBe('Note of MDQ2');
	await note.fill('Changed');
	await page.keyboard.press('Enter');
	await confirm(page, 'This changes the vehicle MDQ2.');
	await page.getByRole('complementary').getByText('Changed').waitFor();
	await page.getByRole('cell', { name: 'Changed' }).waitFor();
	await tick(page, 'MDQ1');
	await pencil.click();
	await page.waitForURL('**/grid.html?row=MDQ2&form=MDQ1');
	await expect.poll(() => note.inputValue()).toBe('Note of MDQ1');
	await page.keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await expect.poll(() => pencil.evaluate((one) => one === document.activeElement)).toBe(true);
});

test('the bin says what and how many, and deletes them once that is confirmed', async () => {
	const page = await openGrid({ search: '?row=MDQ1' });
	await tick(page, 'MDQ1');
	await tick(page, 'MDQ2');
	await button(page, 'Delete vehicles').click();
	expect(vehicles.size).toBe(3);
	await confirm(page, 'This deletes 2: MDQ1, MDQ2.');
	await page.getByText('2 deleted.').waitFor();
	await page.getByText('1-1 of 1 items').waitFor();
	expect([...vehicles.keys()]).toEqual(['MDQ3']);
	await page.getByRole('complementary').waitFor({ state: 'detached' });
	await button(page, 'Details of MDQ3').click();
	await button(page, 'Delete vehicles').click();
	await confirm(page, 'This deletes 1: MDQ3.');
	await page.getByRole('heading', { name: 'No vehicles yet' }).waitFor();
	await page.getByRole('button', { name: 'Add vehicle' }).last().click();
	await page.getByRole('dialog', { name: 'Add vehicle' }).waitFor();
});

test('what somebody else deleted meanwhile is said, and the list is read anew', async () => {
	const page = await openGrid();
	await tick(page, 'MDQ2');
	await button(page, 'Delete vehicles').click();
	vehicles.delete('MDQ2');
	await confirmation(page).getByRole('textbox').fill('Confirm');
	await page.keyboard.press('Enter');
	await confirmation(page).getByText('There is no such vehicle').waitFor();
	await page.getByText('1-2 of 2 items').waitFor();
});

test('a form whose row is gone says so and closes', async () => {
	const page = await openGrid({ search: '?form=GONE' });
	await page.getByText('There is no such vehicle').waitFor();
	await page.waitForURL('**/grid.html');
	await button(page, 'Close').click();
	await page.getByText('There is no such vehicle').waitFor({ state: 'detached' });
});

test('further actions are for the rows that suit them', async () => {
	const page = await openGrid();
	const actions = button(page, 'Actions');
	expect(await actions.isDisabled()).toBe(true);
	await tick(page, 'MDQ3');
	expect(await actions.isDisabled()).toBe(true);
	await button(page, 'Select none').click();
	await tick(page, 'MDQ1');
	await actions.click();
	await page.getByRole('menuitem', { name: 'Park' }).click();
	await page.getByText('Parked.').waitFor();
	await expect.poll(() => actions.isDisabled()).toBe(true);
	expect(vehicles.get('MDQ1')?.isParked).toBe(true);
});

test('the palette offers what can be done to the rows in question', async () => {
	const page = await openGrid({ search: '?row=MDQ3' });
	await page.getByRole('complementary').getByText('Parked').waitFor();
	const offered = page.locator('[data-action]');
	await page.keyboard.press('Control+k');
	await expect
		.poll(() => offered.allInnerTexts())
		.toEqual(['Edit vehicle\nMDQ3', 'Delete vehicles\nMDQ3']);
	await page.keyboard.press('Escape');
	await tick(page, 'MDQ1');
	await tick(page, 'MDQ2');
	await page.keyboard.press('Control+k');
	await expect.poll(() => offered.allInnerTexts()).toEqual(['Delete vehicles\n2 selected']);
	// Keys reach the list by way of the search field.
	await page.getByRole('dialog').locator('input:focus').waitFor();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await confirm(page, 'This deletes 2: MDQ1, MDQ2.');
	await page.getByText('1-1 of 1 items').waitFor();
});

test('who is not admitted sees neither the button nor the form', async () => {
	const page = await openGrid({ role: 'operation', search: '?form=new' });
	await button(page, 'Actions').waitFor();
	for (const name of ['Add vehicle', 'Edit vehicle', 'Delete vehicles'])
		expect(await button(page, name).count()).toBe(0);
	expect(await page.getByRole('dialog').count()).toBe(0);
});

test('right to left, form, details and pager are mirrored', async () => {
	const page = await openGrid({ direction: 'rtl', search: '?row=MDQ1' });
	const left = async (part: Locator) => (await part.boundingBox())?.x;
	await expect.poll(() => left(page.getByRole('complementary'))).toBeLessThan(100);
	await page.keyboard.press('n');
	const drawer = page.getByRole('dialog', { name: 'Add vehicle' });
	await drawer.waitFor();
	await expect.poll(() => left(drawer)).toBe(0);
	expect(await violations(page)).toEqual([]);
});

test('on a phone plus stands in the toolbar, and what is for a row in its sheet', async () => {
	const page = await openGrid({ options: phone });
	expect(await button(page, 'Edit vehicle').count()).toBe(0);
	await page.getByRole('button', { name: 'MDQ2' }).click();
	const sheet = page.getByRole('dialog', { name: 'MDQ2' });
	await sheet.getByRole('button', { name: 'Edit vehicle' }).click();
	const form = page.getByRole('dialog', { name: 'Edit vehicle' });
	await form.getByLabel('Note').fill('By phone');
	expect(await violations(page)).toEqual([]);
	await form.getByRole('button', { name: 'Submit' }).click();
	await confirm(page, 'This changes the vehicle MDQ2.');
	await sheet.getByText('By phone').waitFor();
});

test('axe finds nothing', async () => {
	const page = await openGrid({ search: '?row=MDQ1' });
	expect(await violations(page)).toEqual([]);
	await button(page, 'Actions').click();
	await page.getByRole('menuitem').waitFor();
	expect(await violations(page)).toEqual([]);
	await page.keyboard.press('Escape');
	await button(page, 'Delete vehicles').click();
	await confirmation(page).waitFor();
	expect(await violations(page)).toEqual([]);
	await confirm(page, 'This deletes 1: MDQ1.');
	await page.getByText('1 deleted.').waitFor();
	expect(await violations(page)).toEqual([]);
});

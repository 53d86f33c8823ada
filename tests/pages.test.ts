import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { browserPages, desktop, phone, signInOn } from './harness/pages.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { cellsOf, unzip } from './harness/workbook.ts';

let folder: TestFolder;
let product: RunningProduct;

const open = browserPages(() => product.url);

async function start(parameters: string[]): Promise<void> {
	folder = await createTestFolder();
	product = await startProduct({ dataDir: folder.path, parameters });
}

async function stop(): Promise<void> {
	await product.end('SIGTERM');
	await folder.remove();
}

function openPage(path: string, options: BrowserContextOptions = desktop): Promise<Page> {
	return open({ path, options });
}

function passwordField(page: Page) {
	return page.getByLabel('Password', { exact: true });
}

async function signIn(page: Page, role: string): Promise<void> {
	const account = product.signIns.find((each) => each.role === role);
	if (account === undefined) throw new Error(`nobody was announced as ${role}`);
	await signInOn(page, account);
}

async function openConsole(path: string, options?: BrowserContextOptions): Promise<Page> {
	const page = await openPage(path, options);
	await signIn(page, 'Admin');
	await rowsAreThere(page);
	return page;
}

/** Waits for a grid's rows, which a table may show later than the pager their number. */
async function rowsAreThere(page: Page): Promise<void> {
	await page.getByText(/ of [\d,]+ items/).waitFor();
	await page.locator('[data-row-key]').first().waitFor();
}

/** How many rows the pager says there are. */
async function itemsOf(page: Page): Promise<number> {
	const range = await page.getByText(/ of [\d,]+ items/).innerText();
	return Number(/ of ([\d,]+) items/.exec(range)?.[1]?.replaceAll(',', ''));
}

/** What the rows say in one column. */
async function cellsUnder(page: Page, title: string): Promise<string[]> {
	const titles = await page.locator('thead th').allInnerTexts();
	const place = titles.findIndex((each) => each.trim() === title) + 1;
	return page.locator(`tbody tr td:nth-child(${place})`).allInnerTexts();
}

function openRow(page: Page) {
	return page.getByRole('complementary', { name: 'Details' });
}

describe('a portal with a demo fleet', () => {
	beforeAll(() => start(['--demo']));
	afterAll(() => stop());

	test('the keyboard alone signs in, and a wrong password is explained', async () => {
		const page = await openPage('/');
		await page.locator('input[type=email]:focus').waitFor();
		await page.keyboard.type('nobody@example.com');
		await page.keyboard.press('Tab');
		await page.keyboard.type('not the password');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await expect.poll(() => passwordField(page).getAttribute('type')).toBe('text');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await page.getByText('do not match').waitFor();
		await page.getByText(/^Version \d/).waitFor();
		await signIn(page, 'Operation');
		await page.getByRole('heading', { name: 'Fleet Console' }).waitFor();
	});

	test('sign-in leads to the page asked for, sign-out away from it', async () => {
		const page = await openPage('/console?status=moving,stopped&sort=vin&direction=asc');
		await signIn(page, 'Admin');
		await page.getByRole('button', { name: 'VIN / controller, sorted ascending' }).waitFor();
		await page.waitForURL(
			({ search }) => search === '?status=moving,stopped&sort=vin&direction=asc',
		);
		await page.getByRole('button', { name: /^Account of/ }).click();
		await page.getByRole('button', { name: 'Sign out' }).click();
		await page.waitForURL('**/sign-in');
		await page.goBack();
		await page.getByLabel('E-mail').waitFor();
	});

	test('B2B has the Vehicle Dashboard of its customers and nothing else', async () => {
		const page = await openPage('/');
		await signIn(page, 'B2B');
		await page.getByRole('heading', { name: 'Vehicle Dashboard' }).waitFor();
		await rowsAreThere(page);
		const items = await itemsOf(page);
		const customers = await cellsUnder(page, 'Customer');
		expect(customers.length).toBe(items);
		expect(new Set(customers).size).toBe(3);
		await page.locator('[data-row-button]').first().click();
		await openRow(page).getByRole('heading').waitFor();
		await page.goto(new URL('/console', product.url).href);
		await page.getByRole('heading', { name: 'This page is not open to your role' }).waitFor();
	});

	test('chips, search and the open row live in the address', async () => {
		const page = await openConsole('/console');
		const choose = async (name: RegExp) => {
			await page.getByRole('button', { name }).click();
			// The address comes first; the next choice adds to what the chips show.
			await page.getByRole('button', { name, pressed: true }).waitFor();
		};
		await choose(/^Moving/);
		await page.waitForURL('**/console?status=moving');
		await choose(/^Charging/);
		await page.waitForURL('**/console?status=moving,charging');
		await choose(/^All/);
		await page.waitForURL('**/console');

		const vin = (await page.locator('[data-row-button]').first().innerText()).trim();
		await page.keyboard.press('/');
		await page.keyboard.type(vin);
		await page.getByText('1-1 of 1 items').waitFor();
		await page.getByRole('button', { name: `Details of ${vin}` }).click();
		await openRow(page).getByRole('heading', { name: vin }).waitFor();
		await page.reload();
		await openRow(page).getByRole('heading', { name: vin }).waitFor();
		await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe(vin);

		await page.getByRole('searchbox').fill('no such vehicle');
		await page.getByRole('heading', { name: 'No device matches' }).waitFor();
		await page.getByRole('button', { name: 'Clear filters' }).click();
		await page.getByText(/^1-\d\d of/).waitFor();
		await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('');
	});

	test('filters are set from a menu, stand in the address and are taken away one by one', async () => {
		const page = await openConsole('/console');
		const all = await itemsOf(page);
		await page.getByRole('button', { name: 'Filters' }).click();
		const menu = page.getByRole('dialog', { name: 'Filters' });
		await menu.getByRole('combobox', { name: 'Customer' }).fill('regreg');
		await page.getByRole('option', { name: 'Regreg Location' }).click();
		await page.waitForURL(/customerNo=\d+$/);
		await page.keyboard.press('Escape');
		const rows = page.locator('tbody tr');
		const pill = page.getByRole('list', { name: 'Filters' });
		await pill.getByText('Regreg Location').waitFor();
		await page.reload();
		await pill.getByText('Regreg Location').waitFor();
		await rowsAreThere(page);
		const some = await rows.allInnerTexts();
		expect(some.length).toBe(await itemsOf(page));
		expect(some.length).toBeLessThan(all);
		for (const row of some) expect(row).toContain('Regreg Location');
		await page.getByRole('button', { name: 'Remove the filter Customer' }).click();
		await page.waitForURL('**/console');
		await expect.poll(() => itemsOf(page)).toBe(all);
		await page.goto(new URL('/console?family=nonsense&sort=nonsense&page=x', product.url).href);
		await expect.poll(() => itemsOf(page)).toBe(all);
	});

	test('columns are chosen and moved, and kept for the person', async () => {
		const page = await openPage('/console');
		await signIn(page, 'Operation');
		await rowsAreThere(page);
		const titles = page.locator('thead th');
		await page.getByRole('button', { name: 'Columns and density' }).click();
		const menu = page.getByRole('dialog', { name: 'Columns and density' });
		await menu.getByRole('checkbox', { name: 'Status' }).uncheck();
		await menu.getByRole('checkbox', { name: 'Connection' }).check();
		await menu.getByRole('button', { name: 'Move Dealer up' }).click();
		// Kept once the choosing pauses; on a slow machine also before the last choice.
		const kept = page.waitForResponse(
			(answer) => answer.request().postData()?.includes('"density":"comfortable"') ?? false,
		);
		await menu.getByText('Comfortable').click();
		expect((await kept).status()).toBe(200);
		const arranged = await titles.allInnerTexts();
		expect(arranged).not.toContain('Status');
		expect(arranged).toContain('Connection');
		expect(arranged.indexOf('Dealer')).toBe(arranged.indexOf('Customer') - 1);

		const elsewhere = await openPage('/console');
		await signIn(elsewhere, 'Operation');
		await expect.poll(() => elsewhere.locator('thead th').allInnerTexts()).toEqual(arranged);
		expect(await violations(page)).toEqual([]);
	});

	test('what matches is downloaded as a workbook', async () => {
		// Vehicles by VIN: which they are and their order do not change while they drive.
		const page = await openConsole('/console?family=ev&sort=vin&direction=asc');
		const [first = ''] = await page.locator('[data-row-button]').allInnerTexts();
		const download = page.waitForEvent('download');
		await page.getByRole('button', { name: 'Download all rows as Excel' }).click();
		const file = await download;
		expect(file.suggestedFilename()).toBe('fleet.xlsx');
		const sheet = unzip(await readFile(await file.path())).get('xl/worksheets/sheet1.xml') ?? '';
		expect(cellsOf(sheet).get('A2')?.value).toBe(first);
		await page
			.getByRole('region', { name: 'Downloads' })
			.getByText(`All ${await itemsOf(page)} rows`)
			.waitFor();
		expect(await violations(page)).toEqual([]);
	});

	test('the palette finds pages, devices and what can be done; ? lists the keys', async () => {
		const page = await openConsole('/console?family=ev&sort=vin&direction=asc');
		const [, second = ''] = await page.locator('[data-row-button]').allInnerTexts();
		await page.keyboard.press('Control+k');
		const typed = page.getByPlaceholder('Find a VIN, page or action…');
		await typed.fill(second);
		await page
			.getByRole('button', { name: new RegExp(second) })
			.last()
			.waitFor();
		expect(await violations(page)).toEqual([]);
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await openRow(page).getByRole('heading', { name: second }).waitFor();
		await page.keyboard.press('Control+k');
		await typed.fill('copy');
		await page
			.getByRole('button', { name: /^Copy Device ID/ })
			.last()
			.waitFor();
		await typed.fill('vehicle dash');
		await page.locator('[data-action][data-selected]', { hasText: 'Vehicle Dashboard' }).waitFor();
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Vehicle Dashboard' }).waitFor();
		await typed.waitFor({ state: 'detached' });
		await page.keyboard.press('?');
		const sheet = page.getByRole('dialog', { name: 'Keys' });
		await sheet.getByText('Refresh').waitFor();
		expect(await violations(page)).toEqual([]);
		await sheet.getByRole('switch').click();
		await page.keyboard.press('Escape');
		await sheet.waitFor({ state: 'detached' });
		await page.keyboard.press('/');
		expect(
			await page.getByRole('searchbox').evaluate((box) => box === document.activeElement),
		).toBe(false);
	});

	test('arrow keys, Enter, J, K and Escape work the rows', async () => {
		// By VIN, so that the order does not change meanwhile.
		const page = await openConsole('/console?sort=vin&direction=asc');
		const buttons = page.locator('[data-row-button]');
		const [first = '', second = '', third = ''] = await buttons.allInnerTexts();
		await buttons.first().focus();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		await openRow(page).getByRole('heading', { name: second }).waitFor();
		await page.keyboard.press('j');
		await openRow(page).getByRole('heading', { name: third }).waitFor();
		await page.keyboard.press('k');
		await openRow(page).getByRole('heading', { name: second }).waitFor();
		await page.keyboard.press('k');
		await openRow(page).getByRole('heading', { name: first }).waitFor();
		await page.keyboard.press('Escape');
		await openRow(page).waitFor({ state: 'detached' });
		await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(first);
	});

	test('rows change in place while devices report', async () => {
		const page = await openConsole('/console?status=moving&sort=vin&direction=asc');
		const speeds = page.locator('tbody tr td:nth-child(8)');
		const before = (await speeds.allInnerTexts()).join();
		await expect
			.poll(async () => (await speeds.allInnerTexts()).join(), { timeout: 60_000 })
			.not.toBe(before);
		await page.getByRole('switch', { name: 'Realtime' }).click();
		await page.getByText('Paused').waitFor();
	});

	test('axe finds nothing', async () => {
		const entrance = await openPage('/sign-in');
		await entrance.getByRole('heading', { name: 'Sign in to' }).waitFor();
		await entrance.getByRole('button', { name: 'Sign in' }).click();
		await entrance.getByText('Enter your password.').waitFor();
		expect(await violations(entrance)).toEqual([]);

		const page = await openConsole('/console?sort=vin&direction=asc');
		await page.locator('[data-row-button]').first().click();
		await openRow(page).getByRole('heading').waitFor();
		await page.getByRole('checkbox').nth(2).check();
		await page.getByText('1 selected').waitFor();
		expect(await violations(page)).toEqual([]);
		await page.getByRole('button', { name: 'Filters' }).click();
		await page.getByRole('combobox', { name: 'Customer' }).click();
		await page.getByRole('option', { name: 'Regreg Location' }).waitFor();
		expect(await violations(page)).toEqual([]);
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');
		await page.getByRole('button', { name: /^Account of/ }).click();
		await page.getByRole('button', { name: 'Sign out' }).waitFor();
		expect(await violations(page)).toEqual([]);
		await page.goto(new URL('/console?q=no+such+vehicle', product.url).href);
		await page.getByRole('heading', { name: 'No device matches' }).waitFor();
		expect(await violations(page)).toEqual([]);
		await page.goto(new URL('/vehicles', product.url).href);
		await rowsAreThere(page);
		expect(await violations(page)).toEqual([]);
	});

	test('a phone shows cards, and details as a sheet', async () => {
		// By VIN, so that the order does not change meanwhile.
		const page = await openConsole('/console?sort=vin&direction=asc', phone);
		const cards = page.getByRole('list', { name: 'Devices of the fleet' });
		await expect.poll(() => page.getByRole('table').count()).toBe(0);
		expect(await violations(page)).toEqual([]);
		const identity = (await cards.getByRole('button').first().innerText()).split('\n')[0] ?? '';
		await cards.getByRole('button').first().click();
		const sheet = page.getByRole('dialog');
		await sheet.getByRole('heading', { name: identity }).waitFor();
		expect(await violations(page)).toEqual([]);
		await sheet.getByRole('button', { name: 'Close' }).click();
		await sheet.waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'More' }).click();
		await page.getByRole('button', { name: 'Sign out' }).waitFor();
	});

	test('light and dark are remembered before the first paint', async () => {
		const page = await openConsole('/console', { ...desktop, colorScheme: 'light' });
		await page.getByRole('button', { name: 'Switch to dark' }).click();
		await page.getByRole('button', { name: 'Switch to light' }).waitFor();
		// Without the page's own script, what is left is what ran before the first paint.
		await page.route('**/assets/*.js', (route) => route.abort());
		await page.reload();
		const scheme = page.locator('html[data-mantine-color-scheme=dark]');
		await scheme.waitFor({ state: 'attached' });
	});
});

describe('a portal that nobody set up', () => {
	beforeAll(() => start([]));
	afterAll(() => stop());

	test('the link leads from an empty form to the demo fleet', async () => {
		const early = await openPage('/sign-in');
		await early.getByRole('heading', { name: 'Nobody can sign in yet' }).waitFor();

		const page = await openPage(product.setupLink ?? '', {
			...desktop,
			timezoneId: 'Africa/Nairobi',
		});
		await page.getByRole('button', { name: 'Submit' }).click();
		await page.getByText('Give the organization a name.').waitFor();
		await page.getByText('Enter an e-mail address.').waitFor();
		await expect
			.poll(() => page.getByRole('combobox', { name: 'Country' }).inputValue())
			.toBe('Kenya');
		await expect
			.poll(() => page.getByRole('combobox', { name: 'Time zone' }).inputValue())
			.toBe('Africa/Nairobi (UTC+03:00)');
		expect(await violations(page)).toEqual([]);

		await page.getByRole('textbox', { name: 'Organization name' }).fill('Harbour Fleet');
		await page.getByRole('textbox', { name: 'Your name' }).fill('A Person');
		await page.getByRole('textbox', { name: 'E-mail' }).fill('person@example.org');
		await page.locator('input[type=password]').fill('a sentence works well');
		await page.getByRole('radio', { name: 'Demo fleet' }).click();
		await page.getByRole('button', { name: 'Submit' }).click();
		// A whole fleet is made meanwhile.
		await page
			.getByRole('heading', { name: 'Harbour Fleet is ready' })
			.waitFor({ timeout: 200_000 });
		await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(1);
		expect(await violations(page)).toEqual([]);

		await page.getByRole('link', { name: 'Go to sign-in' }).click();
		await page.getByRole('textbox', { name: 'E-mail' }).fill('person@example.org');
		await passwordField(page).fill('a sentence works well');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Fleet Console' }).waitFor();

		const again = await openPage(product.setupLink ?? '');
		await again.getByRole('heading', { name: 'This portal is set up already' }).waitFor();
	});
});

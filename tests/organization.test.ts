import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { roleLabels, roles } from '#contract/roles.ts';
import { paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { browserPages, desktop, phone } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';
import { unzip } from './harness/workbook.ts';

const productName = /quarterdeck/i;
const logo =
	'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#c00"/></svg>';

let folder: TestFolder;
let product: RunningProduct;
const openPage = browserPages(() => product.url);
/** Sessions by the role's label. */
const cookies = new Map<string, string>();

beforeAll(async () => {
	folder = await createTestFolder();
	product = await startProduct({ dataDir: folder.path, parameters: ['--demo'] });
	for (const { role, email, password } of product.signIns)
		cookies.set(role, await signIn(product.url, email, password));
});
afterAll(async () => {
	await product.end('SIGTERM');
	await folder.remove();
});
beforeEach(() => ask('POST', '/api/admin/organizations/leave', {}));

async function ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
	const answer = await fetch(product.url + path, {
		method,
		headers: {
			cookie: cookies.get('Super Admin') ?? '',
			origin: product.url,
			...(body && { 'content-type': 'application/json' }),
		},
		...(body && { body: JSON.stringify(body) }),
	});
	expect(answer.status, `${method} ${path}`).toBe(200);
	return answer.json() as Promise<Record<string, unknown>>;
}

async function setBrand(part: object): Promise<void> {
	const { hosts: _, ...before } = await ask('GET', '/api/admin/organization');
	const body = { before, after: { ...before, ...part }, newLogo: null, confirm: 'Confirm' };
	await ask('PUT', '/api/admin/organization', body);
}

function property(page: Page, name: string): Promise<string> {
	return page.evaluate(
		(asked) => getComputedStyle(document.documentElement).getPropertyValue(asked).trim(),
		name,
	);
}

test.each([
	{ what: 'yellow', colour: '#ffd400', width: 1440, options: desktop },
	{ what: 'near-black', colour: '#111111', width: 1440, options: desktop },
	{ what: 'yellow', colour: '#ffd400', width: 390, options: phone },
])('everything can be read in $what at $width', async ({ what, colour, options }) => {
	const support = { supportName: 'Help desk', supportEmail: 'help@example.com' };
	await setBrand({ name: 'Lotus Mobility', colour, ...support });

	const entrance = await openPage({ path: paths.signIn, options });
	await entrance.getByText('Need help? Ask Help desk.').waitFor();
	await expect.poll(() => property(entrance, '--brand-raw')).toBe(colour);
	expect(await violations(entrance)).toEqual([]);
	await picture(entrance, `organization-sign-in-${what}`);

	const cookie = cookies.get('Admin') ?? '';
	const page = await openPage({ path: paths.organization, options, cookie });
	await page.getByRole('button', { name: 'Edit organization' }).waitFor();
	await expect.poll(() => property(page, '--brand-raw')).toBe(colour);
	expect(await violations(page)).toEqual([]);
	await picture(page, `organization-page-${what}`);
	await page.getByRole('button', { name: 'Edit organization' }).click();
	const form = page.getByRole('dialog', { name: 'Edit organization' });
	await form.getByLabel('Primary colour').waitFor();
	await expect.poll(() => form.getByLabel('Time zone').inputValue()).toContain('Asia/Kolkata');
	expect(await violations(page, '[role="dialog"]')).toEqual([]);
	await picture(page, `organization-form-${what}`);

	const console = await openPage({ path: paths.console, options, cookie });
	await console.getByText(/ of \d+ items/).waitFor();
	await expect.poll(() => property(console, '--brand-raw')).toBe(colour);
	expect(await violations(console)).toEqual([]);
});

test('an Admin gives the organization its brand, and the page follows at once', async () => {
	await setBrand({ name: 'Meridian', colour: null });
	const page = await openPage({ path: paths.organization, cookie: cookies.get('Admin') ?? '' });
	await page.getByRole('button', { name: 'Edit organization' }).click();
	const form = page.getByRole('dialog', { name: 'Edit organization' });
	await form.getByLabel('Name', { exact: false }).first().fill('Harbour Lights');
	await form.getByLabel('Primary colour').fill('teal');
	await form.getByRole('button', { name: 'Submit' }).click();
	await form.getByText('Write the colour as # and six digits').waitFor();
	await form.getByLabel('Primary colour').fill('#7a1fa2');
	await form.locator('input[type="file"]').setInputFiles({
		name: 'page.svg',
		mimeType: 'image/svg+xml',
		buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'),
	});
	const confirm = async () => {
		await form.getByRole('button', { name: 'Submit' }).click();
		const question = page.getByRole('dialog').filter({ hasText: 'will change for everybody' });
		await question.getByText('Name, Primary colour, Logo will change').waitFor();
		await question.getByLabel('Confirmation').fill('confirm');
		await question.getByRole('button', { name: 'Submit' }).click();
	};
	await confirm();
	await form.getByText('The SVG holds scripts').waitFor();
	await form.locator('input[type="file"]').setInputFiles({
		name: 'mark.svg',
		mimeType: 'image/svg+xml',
		buffer: Buffer.from(logo),
	});
	await confirm();
	await page.getByText('Harbour Lights was changed').waitFor();
	await page.waitForFunction(() => document.title === 'Organization · Harbour Lights');
	await expect.poll(() => property(page, '--brand-raw')).toBe('#7a1fa2');
	const mark = page.getByRole('navigation').locator('img').first();
	await expect.poll(() => mark.getAttribute('src')).toMatch(/^\/brand\/logo\/\w{64}$/);
	await expect
		.poll(() => mark.evaluate((image: HTMLImageElement) => image.naturalWidth))
		.toBeGreaterThan(0);
	expect(await property(page, '--status-moving')).toMatch(/^#(007c4a|48edb1)$/);

	// The next visit begins in these colours, before anything has answered.
	await page.route('**/api/**', (route) => route.abort());
	await page.reload({ waitUntil: 'commit' });
	await page.waitForFunction(() => document.readyState !== 'loading');
	expect(await property(page, '--brand-raw')).toBe('#7a1fa2');
});

test('a Super Admin enters another organization and leaves it, with a banner on every page', async () => {
	const name = 'Delta Fleet';
	await setBrand({ name: 'Meridian', colour: '#7a1fa2' });
	const place = { timeZone: 'Europe/Berlin', country: 'DE' };
	const admin = { adminEmail: 'delta@example.org', adminName: 'Dana Delta' };
	const added = { name, hosts: ['delta.example'], ...place, ...admin, confirm: 'Confirm' };
	await ask('POST', '/api/admin/organizations', added);
	const cookie = cookies.get('Super Admin') ?? '';
	const page = await openPage({ path: paths.organizations, cookie });
	await page.getByText('1-2 of 2 items').waitFor();
	expect(await violations(page)).toEqual([]);
	await page.getByText(name).first().click();
	await page.getByRole('complementary').getByText('Entering makes you Super Admin').waitFor();
	expect(await violations(page)).toEqual([]);
	await picture(page, 'organization-organizations');
	await page.getByRole('checkbox').nth(1).check();
	await page.getByRole('button', { name: 'Actions' }).click();
	await page.getByRole('menuitem', { name: 'Enter' }).click();
	await page.getByText(`You are in ${name}.`).first().waitFor();
	await page.getByText('You belong to Meridian.').waitFor();
	await expect.poll(() => property(page, '--brand-raw')).toBe('');
	expect(await violations(page)).toEqual([]);
	await picture(page, 'organization-entered');
	for (const path of [paths.audit, paths.organization]) {
		await page.goto(new URL(path, product.url).href);
		await page.getByText(`You are in ${name}.`).waitFor();
	}
	await page.getByText('Europe/Berlin').waitFor();

	await page.getByRole('button', { name: 'Leave' }).click();
	await page.getByText('You are here').waitFor();
	await page.getByText(`You are in ${name}.`).waitFor({ state: 'detached' });
	await expect.poll(() => property(page, '--brand-raw')).toBe('#7a1fa2');
	const log = await openPage({ path: `${paths.audit}?q=delta`, cookie });
	await log.getByText('Organization left').first().waitFor();
	await log.getByText('Organization entered').first().waitFor();
});

test('no page of any role says the product’s own name', { timeout: 400_000 }, async () => {
	await setBrand({ name: 'Harbour Lights', colour: '#7a1fa2' });
	for (const role of roles) {
		const cookie = cookies.get(roleLabels[role]) ?? '';
		const page = await openPage({ path: paths.home, cookie });
		const entries = page.getByRole('navigation').getByRole('listitem').getByRole('link');
		await entries.first().waitFor();
		const look = async () => {
			await page.getByRole('main').waitFor();
			await page.waitForFunction(() => document.title.includes('Harbour Lights'));
			expect(await page.content(), `${page.url()} as ${role}`).not.toMatch(productName);
		};
		expect(await entries.count(), role).toBeGreaterThan(1);
		for (const entry of await entries.all()) {
			const path = await entry.getAttribute('href');
			await entry.click();
			await page.waitForURL((url) => url.pathname === path);
			await look();
		}
		// A page that every role has but no rail, and one that most may not open.
		for (const path of [paths.account, paths.organizations]) {
			await page.goto(new URL(path, product.url).href);
			await look();
		}
		await page.context().close();
	}
});

test('no file that reaches people says it', async () => {
	const headers = { cookie: cookies.get('Super Admin') ?? '' };
	const exports = ['fleet/export', 'admin/audit-export', 'admin/organizations-export'];
	for (const path of exports) {
		const answer = await fetch(`${product.url}/api/${path}`, { headers });
		expect(answer.headers.get('content-disposition')).not.toMatch(productName);
		for (const [name, part] of unzip(Buffer.from(await answer.arrayBuffer())))
			expect(part, `${name} of ${path}`).not.toMatch(productName);
	}
	for (const path of ['/api/openapi.json', '/api/docs/', '/brand/icon', '/api/portal'])
		expect(await (await fetch(product.url + path)).text(), path).not.toMatch(productName);

	const built = join(import.meta.dirname, '../dist/web');
	const files = await readdir(built, { recursive: true });
	const texts = files.filter((file) => /\.(html|js|css|svg|json)$/.test(file));
	expect(texts.length).toBeGreaterThan(20);
	for (const file of texts)
		expect(productName.test(await readFile(join(built, file), 'utf8')), file).toBe(false);
});

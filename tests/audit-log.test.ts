import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMember } from '#modules/users/server/index.ts';
import { auditPath, paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, sizes } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';
import { unzip } from './harness/workbook.ts';

const reader = { email: 'operation@example.org', password: 'a sentence works well' };

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, ['EV-1', 'EV-2']);
	await createMember(db.database, {
		...reader,
		organizationNo: installation.organizationNo,
		name: 'Operation',
		role: 'operation',
		dealerNo: null,
		customerNos: null,
	});
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	const cookie = await signIn(product.url, installation.email, installation.password);
	const before = {
		name: null,
		simNo: null,
		transport: 'gsm',
		reportingIntervalSeconds: 300,
		osmandAllowed: false,
	};
	const answer = await fetch(`${product.url}/api/admin/devices/EV-1`, {
		method: 'PUT',
		headers: { cookie, origin: product.url, 'content-type': 'application/json' },
		body: JSON.stringify({ before, after: { ...before, name: 'Harbour tug' }, confirm: 'Confirm' }),
	});
	expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

test.each(sizes)('the log shows what changed, %s', async (_, options) => {
	const cookie = await signIn(product.url, reader.email, reader.password);
	const page = await openPage({ path: paths.audit, options, cookie });
	await page.getByText('Device edited').first().waitFor();
	await page.getByText('Signed in').first().waitFor();
	expect(await violations(page)).toEqual([]);
	await picture(page, 'audit-list');

	await page.getByLabel('Search person, subject or request ID').fill('ev-1');
	await page.getByText('1-1 of 1 items').waitFor();
	await page.getByText('Device edited').first().click();
	const changes = page.getByRole('table', { name: 'Before and after' });
	const changed = changes.getByRole('row').filter({ hasText: 'changed' });
	await changed.getByText('Harbour tug').waitFor();
	expect(await changed.count()).toBe(1);
	expect(await changed.textContent()).toBe('Name changedNothingHarbour tug');
	expect(await changes.getByRole('row').count()).toBe(6);
	await page.getByText(installation.email).last().waitFor();
	expect(await violations(page)).toEqual([]);
	await picture(page, 'audit-entry');

	await page.getByRole('link', { name: 'Open device' }).click();
	await page.waitForURL((url) => url.pathname === paths.adminDevices);
	await page.getByText('Harbour tug').first().waitFor();
});

test('filters by person and time live in the address, and the workbook has what they leave', async () => {
	const cookie = await signIn(product.url, reader.email, reader.password);
	const page = await openPage({ path: paths.audit, cookie });
	await page.getByRole('button', { name: 'Filters' }).click();
	await page.getByRole('combobox', { name: 'Person' }).click();
	await page.getByRole('option', { name: installation.email }).click();
	await page.keyboard.press('Escape');
	await page.getByText('1-2 of 2 items').waitFor();
	expect(new URL(page.url()).searchParams.get('person')).toBe(installation.email);

	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Download all rows as Excel' }).click();
	const file = await readFile(await (await download).path());
	const sheet = unzip(file).get('xl/worksheets/sheet1.xml') ?? '';
	expect(sheet.match(/<row /g)).toHaveLength(3);
	expect(sheet).toContain('Harbour tug');

	await page.getByLabel('From').fill('2100-01-01T00:00');
	await page.getByText('No entry matches').waitFor();
	expect(new URL(page.url()).searchParams.get('fromMs')).toBe(String(Date.UTC(2100, 0, 1)));
	await page.getByRole('button', { name: 'Any time' }).click();
	await page.getByText('1-2 of 2 items').waitFor();
});

test('a request leads to all that it did', async () => {
	const { rows } = await db.pool.query(
		`select request_id from audit_entry where action = 'device.edit'`,
	);
	const cookie = await signIn(product.url, reader.email, reader.password);
	const page = await openPage({ path: auditPath(rows[0].request_id), cookie });
	await page.getByText('1-1 of 1 items').waitFor();
	await page.getByText('Device edited').first().waitFor();
});

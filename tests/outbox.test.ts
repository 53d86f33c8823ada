import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, sizes } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';
import { until } from './harness/until.ts';

const patienceMs = 20_000;
let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
let cookie: string;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, []);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	cookie = await signIn(product.url, installation.email, installation.password);
	const answer = await fetch(`${product.url}/api/password/forgot`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ email: installation.email }),
	});
	expect(answer.status).toBe(200);
	await until(async () => {
		const { rows } = await db.pool.query('select state from mail');
		expect(rows).toEqual([{ state: 'kept' }]);
	}, patienceMs);
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

test.each(sizes)('without a mail server the outbox has the link, %s', async (_, options) => {
	const look = async (page: Page, what: string) => {
		await picture(page, `outbox-${what}`);
		expect(await violations(page)).toEqual([]);
	};
	const page = await openPage({ path: paths.outbox, options, cookie });
	await page.getByText('Reset your password for Harbour Fleet').first().waitFor();
	await look(page, 'list');
	await page.getByText('Reset your password for Harbour Fleet').first().click();
	await page.getByText('No mail server is set, so it was not sent.').waitFor();
	await page.getByRole('button', { name: 'Show the text' }).click();
	const text = page.locator('pre');
	await text.waitFor();
	expect(await text.textContent()).toMatch(/\nhttp:\/\/localhost:\d+\/reset-password#\S+\n/);
	await page.getByRole('button', { name: 'Copy link' }).waitFor();
	await look(page, 'mail');
});

test('a mail is sent again, once confirmed', async () => {
	const page = await openPage({ path: `${paths.outbox}?row=1`, cookie });
	await page.getByText('No mail server is set, so it was not sent.').waitFor();
	await page.getByRole('button', { name: 'Actions' }).click();
	await page.getByRole('menuitem', { name: 'Send again' }).click();
	await page.getByText(`is sent to ${installation.email} again`).waitFor();
	await page.getByLabel('Confirmation').fill('Confirm');
	await page.keyboard.press('Enter');
	await page.getByText(`The mail to ${installation.email} waits to be sent.`).waitFor();
	await until(async () => {
		const { rows } = await db.pool.query(
			`select state, (select count(*)::integer from audit_entry where action = 'mail.send_again')
				as audited from mail`,
		);
		expect(rows).toEqual([{ state: 'kept', audited: 1 }]);
	}, patienceMs);
	expect(await readdir(join(folder.path, 'outbox'))).toEqual(['1.eml']);
	expect(product.said().match(/SMTP_URL is not set/g)).toHaveLength(1);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { countLimit } from '#contract/list.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, signInOn } from './harness/pages.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';

/** More vans than anybody counts when a text finds them, and a few others. */
const vans = countLimit + 40;
const others = 7;

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, [
		...Array.from({ length: vans }, (_, index) => `VAN-${index}`),
		...Array.from({ length: others }, (_, index) => `CART-${index}`),
	]);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
afterAll(async () => {
	await product.end('SIGTERM');
	await folder.remove();
	await db.drop();
});

const open = browserPages(() => product.url);

test('counts are exact until a text finds more than anybody counts', async () => {
	const page = await open({ path: '/console' });
	await signInOn(page, installation);
	await page.getByText('1-30 of 10,047 items').waitFor();
	const silent = page.getByRole('button', { name: /^Not Communicating/ });
	await expect.poll(() => silent.innerText()).toContain('10,047');

	await page.getByRole('searchbox').fill('CART-');
	await page.getByText('1-7 of 7 items').waitFor();
	await expect.poll(() => silent.innerText()).not.toContain('+');

	await page.getByRole('searchbox').fill('VAN-');
	await page.getByText('1-30 of 10,000+ items').waitFor();
	await page.getByText('1 / 334+').waitFor();
	await expect.poll(() => silent.innerText()).toContain('10,000+');
	const all = page.getByRole('button', { name: /^All/ });
	await expect.poll(() => all.innerText()).toContain('10,000+');

	// Nobody looks for more than one beyond the limit, and there the list ends.
	await page.goto(new URL('/console?q=VAN-&page=400', product.url).href);
	await page.waitForURL('**/console?q=VAN-&page=334');
	await page.getByText('9,991-10,001 of 10,000+ items').waitFor();
	await page.getByRole('button', { name: 'Next page', disabled: true }).waitFor();
	await page.getByRole('button', { name: 'Previous page' }).click();
	await page.getByText('9,961-9,990 of 10,000+ items').waitFor();
});

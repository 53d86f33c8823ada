import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLocations } from '#modules/locations/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { mapLocationPath, paths, rowLink } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { browserPages, sizes } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

const reader = { email: 'operation@example.org', password: 'a sentence works well' };
const india = { country: 'IN', zone: 'West', state: 'Maharashtra' };

let db: TestDatabase;
let folder: TestFolder;
let installation: Installation;
let product: RunningProduct;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	installation = await createInstallation(db.url, ['EV-1', 'EV-2']);
	const { organization_no } = await db.database
		.selectFrom('organization')
		.select('organization_no')
		.executeTakeFirstOrThrow();
	await createMember(db.database, {
		...reader,
		organizationNo: organization_no,
		name: 'Operation',
		role: 'operation',
		dealerNo: null,
		customerNos: null,
	});
	await createLocations(db.database, organization_no, [
		{ ...india, city: 'Pune', district: 'Pune', lat: 18.52, lon: 73.86 },
		{ ...india, city: 'Satara', district: 'Satara', lat: 17.69, lon: 74 },
	]);
	await db.pool.query(
		`insert into customer (organization_no, name, location_no)
		select organization_no, 'Sunrise', location_no from location where city = 'Pune'`,
	);
	// One device stands in Fès.
	await db.pool.query(
		`insert into device_state (device_no, revision, last_heard_at, position_at, lat, lon)
		select device_no, 1, now(), now(), 34.03, -5 from device where device_id = 'EV-1'`,
	);
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

function admin(): Promise<string> {
	return signIn(product.url, installation.email, installation.password);
}

async function chosenPlace(page: Page): Promise<Record<string, string>> {
	const labels = ['City', 'Latitude', 'Longitude'];
	const values = await Promise.all(
		labels.map((label) => page.getByRole('textbox', { name: label }).inputValue()),
	);
	return Object.fromEntries(labels.map((label, place) => [label, values[place] ?? '']));
}

test.each(sizes)('the list, a location and the form, %s', async (_, options) => {
	const page = await openPage({ path: paths.adminLocations, options, cookie: await admin() });
	await page.getByText('Satara').first().waitFor();
	expect(await violations(page)).toEqual([]);
	await picture(page, 'locations-list');

	await page.getByText('Pune').first().click();
	await page.getByText('Customers registered here').waitFor();
	await page.getByRole('img', { name: 'Where Pune is' }).waitFor();
	expect(await violations(page)).toEqual([]);
	await picture(page, 'locations-panel');

	await page.goto(new URL(`${paths.adminLocations}?form=new`, product.url).href);
	const find = page.getByRole('combobox', { name: 'Find a place' });
	await find.fill('casabl');
	await page.getByRole('option', { name: /Casablanca, Morocco/ }).waitFor();
	await picture(page, 'locations-search');
	expect(await violations(page)).toEqual([]);
	await page.getByRole('option', { name: /Casablanca, Morocco/ }).click();
	await page.getByRole('img', { name: 'Where Casablanca is' }).waitFor();
	expect(await violations(page)).toEqual([]);
	await picture(page, 'locations-form');
});

test('a place is searched, completed and saved, and the fleet is counted there at once', async () => {
	const page = await openPage({ path: paths.adminLocations, cookie: await admin() });
	await page.getByRole('button', { name: 'Add location' }).click();
	await page.getByRole('combobox', { name: 'Find a place' }).fill('fes');
	await page.getByRole('option', { name: /^Fès, Morocco/ }).click();
	await expect.poll(() => chosenPlace(page)).toMatchObject({ City: 'Fès', Latitude: '34.03313°' });
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByText('Enter the district.').waitFor();
	await page.getByRole('textbox', { name: 'District' }).fill('Fès');
	await page.getByRole('textbox', { name: 'State' }).fill('Fès-Meknès');
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByText('Fès was added.').waitFor();
	const fes = page.getByRole('row').filter({ hasText: 'Fès-Meknès' });
	await fes.waitFor();
	await expect
		.poll(() => fes.getByRole('cell').allTextContents())
		.toEqual(expect.arrayContaining(['Fès', 'Fès-Meknès', 'Morocco', '34.03313°', '0', '1']));

	await fes.click();
	await page
		.getByRole('complementary', { name: 'Details' })
		.getByRole('link', { name: 'Fleet Map' })
		.click();
	await page.waitForURL((url) => url.pathname === paths.map);
	const { rows } = await db.pool.query(`select location_no from location where city = 'Fès'`);
	const address = mapLocationPath(rows[0].location_no);
	await expect.poll(() => page.url()).toContain(address);
	await page.getByText('Fès').first().waitFor();
});

test('a press on the map, and a drag of the point, correct the position', async () => {
	const { rows } = await db.pool.query(`select location_no from location where city = 'Satara'`);
	const page = await openPage({
		path: `${paths.adminLocations}?form=${rows[0].location_no}`,
		cookie: await admin(),
	});
	const pin = page.getByRole('img', { name: 'Where Satara is' });
	await pin.waitFor();
	const middleOf = async (part: Locator) => {
		const box = await part.boundingBox();
		if (box === null) throw new Error('the map is not there');
		return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
	};
	const longitude = async () => Number((await chosenPlace(page)).Longitude?.replace('°', ''));
	await pin.scrollIntoViewIfNeeded();
	const middle = await middleOf(pin);
	await page.mouse.click(middle.x + 60, middle.y);
	await expect.poll(longitude).toBeGreaterThan(74.05);
	const pressed = await longitude();
	// The map looks at the new position.
	const point = pin.locator('circle').first();
	await expect
		.poll(async () => {
			const [seen, now] = [await middleOf(pin), await middleOf(point)];
			return Math.hypot(now.x - seen.x, now.y - seen.y);
		})
		.toBeLessThan(2);
	const now = await middleOf(point);
	await page.mouse.move(now.x, now.y - 12);
	await page.mouse.down();
	await page.mouse.move(now.x - 100, now.y - 12, { steps: 5 });
	await page.mouse.up();
	await expect.poll(longitude).toBeLessThan(pressed - 0.1);
});

test('the second editor is told at the form what changed, and sees it there the next time', async () => {
	const { rows } = await db.pool.query(`select location_no from location where city = 'Satara'`);
	const page = await openPage({
		path: `${paths.adminLocations}?form=${rows[0].location_no}`,
		cookie: await admin(),
	});
	await page.getByRole('textbox', { name: 'Zone' }).fill('South');
	await db.pool.query(`update location set zone = 'North' where city = 'Satara'`);
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByText('Zone is now “North”').waitFor();
	await page.getByRole('button', { name: 'Cancel' }).click();
	await page.getByRole('button', { name: 'Discard' }).click();
	await page.getByText('North').first().waitFor();
});

test('a location in use is not deleted, and says by whom; another one is', async () => {
	const page = await openPage({ path: `${paths.adminLocations}?q=Pune`, cookie: await admin() });
	async function deleteOpenOne() {
		await page.getByRole('button', { name: 'Delete locations' }).click();
		await page.getByLabel('Confirmation').fill('confirm');
		await page.getByRole('button', { name: 'Submit' }).click();
	}
	await page.getByText('Maharashtra').first().waitFor();
	await page.getByRole('checkbox').last().check();
	await deleteOpenOne();
	await page.getByText('the customer Sunrise is registered there').waitFor();
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Cancel' }).click();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await page.goto(new URL(`${paths.adminLocations}?q=Satara`, product.url).href);
	await page.getByText('Maharashtra').first().waitFor();
	await page.getByRole('checkbox').last().check();
	await deleteOpenOne();
	await page.getByText('Satara was deleted.').waitFor();
	await page.getByText('No location matches').waitFor();
});

test('who only reads sees no way to change anything', async () => {
	const cookie = await signIn(product.url, reader.email, reader.password);
	const { rows } = await db.pool.query(`select location_no from location where city = 'Pune'`);
	const page = await openPage({
		path: rowLink(paths.adminLocations, String(rows[0].location_no)),
		cookie,
	});
	await page.getByText('Customers registered here').waitFor();
	for (const name of ['Add location', 'Edit location', 'Delete locations'])
		expect(await page.getByRole('button', { name }).count(), name).toBe(0);
});

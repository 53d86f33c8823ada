import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser } from './harness/browser.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation, type Installation } from './harness/installation.ts';
import { colourAt } from './harness/picture.ts';
import { coveringTile, pixelPng, pmtilesArchive } from './harness/pmtiles.ts';
import { runProduct, startProduct } from './harness/product.ts';

let browser: Browser;
let db: TestDatabase;
let installation: Installation;
let folder: TestFolder;
beforeAll(async () => {
	browser = await launchBrowser();
	db = await createTestDatabase();
	installation = await createInstallation(db.url, ['ROVER']);
});
afterAll(async () => {
	await browser.close();
	await db.drop();
});
beforeEach(async () => {
	folder = await createTestFolder();
});
afterEach(() => folder.remove());

const attribution =
	'© <a href="https://survey.example/map">Survey</a> <script>alert(1)</script><a href="javascript:alert(1)">and others</a>';
const images = pmtilesArchive('raster', pixelPng([200, 30, 100]), { attribution });
const land = pmtilesArchive('vector', coveringTile('earth'), {
	attribution,
	vector_layers: [{ id: 'earth', fields: {} }],
});

test.each([
	['images', images, '#c81e64'],
	['vector tiles', land, '#f8f8f6'],
])('an installation draws its own %s below the fleet', async (_kind, archive, colour) => {
	const file = join(folder.path, 'land.pmtiles');
	await writeFile(file, archive);
	const product = await startProduct({
		dataDir: folder.path,
		environment: { DATABASE_URL: db.url, BASEMAP_PMTILES: file },
	});
	const context = await browser.newContext({ colorScheme: 'light', reducedMotion: 'reduce' });
	// Longer than anything takes, also on a busy machine.
	context.setDefaultTimeout(60_000);
	try {
		const page = await context.newPage();
		const complaints: string[] = [];
		page.on('pageerror', (error) => complaints.push(error.message));
		page.on('console', (message) => {
			if (message.text().includes('Content Security Policy')) complaints.push(message.text());
		});
		await page.goto(new URL('/map?at=0,-30,4', product.url).href);
		await page.getByLabel('E-mail').fill(installation.email);
		await page.getByLabel('Password', { exact: true }).fill(installation.password);
		await page.keyboard.press('Enter');
		// The middle of the Atlantic, which the built-in basemap paints as water.
		await expect.poll(() => colourAt(page, { x: 700, y: 360 }), { timeout: 60_000 }).toBe(colour);
		const survey = page.getByRole('link', { name: 'Survey' });
		expect(await survey.getAttribute('href')).toBe('https://survey.example/map');
		await page.getByText('and others').waitFor();
		expect(await page.getByRole('link', { name: 'and others' }).count()).toBe(0);
		expect(await page.getByText('Natural Earth').count()).toBe(0);
		expect(complaints).toEqual([]);
	} finally {
		await context.close();
		await product.end('SIGTERM');
	}
});

test('a file that is no PMTiles file keeps the product from starting, in a sentence', async () => {
	const file = join(folder.path, 'land.pmtiles');
	await writeFile(file, 'a picture of a map');
	const { code, said } = await runProduct({
		dataDir: folder.path,
		environment: { DATABASE_URL: db.url, BASEMAP_PMTILES: file },
	});
	expect(code).toBe(1);
	expect(said).toContain(`The setting BASEMAP_PMTILES names ${file}, which cannot be used`);
});

import type { Page } from 'playwright-core';
import type { PreviewServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from './harness/axe.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { serveKitPages } from './harness/kit-pages.ts';
import { browserPages } from './harness/pages.ts';

let folder: TestFolder;
let server: PreviewServer;

beforeAll(async () => {
	folder = await createTestFolder();
	server = await serveKitPages(folder.path);
});
afterAll(async () => {
	await server.close();
	await folder.remove();
});

const open = browserPages(() => server.resolvedUrls?.local[0] ?? '');

async function openForm(): Promise<Page> {
	const page = await open({ path: 'form.html' });
	await page.getByRole('button', { name: 'Add vehicle' }).press('Enter');
	const first = page.getByLabel('VIN');
	await first.waitFor();
	await expect.poll(() => first.evaluate((one) => one === document.activeElement)).toBe(true);
	return page;
}

/** The typed confirmation; it has the form's title and stands above it. */
function confirmation(page: Page) {
	return page.getByRole('dialog').filter({ hasText: 'to go ahead' });
}

function focused(page: Page): Promise<string | null> {
	return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
}

test('the keyboard alone fills in, is told what is missing, confirms and is told what happened', async () => {
	const page = await openForm();
	await page.keyboard.press('Enter');
	await page.getByText('Enter the VIN.').waitFor();
	await page.keyboard.type('MDQ1');
	await page.keyboard.press('Enter');
	await confirmation(page).getByText('This adds the vehicle MDQ1.').waitFor();
	await expect.poll(() => focused(page)).toBe('Confirmation');
	const submit = confirmation(page).getByRole('button', { name: 'Submit' });
	await page.keyboard.type('confir');
	await expect.poll(() => submit.isDisabled()).toBe(true);
	await page.keyboard.press('Enter');
	await page.keyboard.type('M ');
	await expect.poll(() => submit.isDisabled()).toBe(false);
	await page.keyboard.press('Enter');
	await page.getByText('MDQ1 was added.').waitFor();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await page.getByText('MDQ1 confirM').waitFor();
	const button = page.getByRole('button', { name: 'Add vehicle' });
	await expect.poll(() => button.evaluate((one) => one === document.activeElement)).toBe(true);
});

test('a complaint about a field is shown at the field, any other where it was confirmed', async () => {
	const page = await openForm();
	await page.keyboard.type('TAKEN');
	await page.keyboard.press('Enter');
	await confirmation(page).getByRole('textbox').fill('Confirm');
	await page.keyboard.press('Enter');
	await page.getByText('TAKEN is already in use.').waitFor();
	await confirmation(page).waitFor({ state: 'detached' });
	await page.getByLabel('VIN').fill('DOWN');
	await page.keyboard.press('Enter');
	await confirmation(page).getByRole('textbox').fill('Confirm');
	await page.keyboard.press('Enter');
	await confirmation(page).getByText('The database does not answer.').waitFor();
	await page.keyboard.press('Escape');
	await confirmation(page).waitFor({ state: 'detached' });
	expect(await page.getByLabel('VIN').inputValue()).toBe('DOWN');
});

test('what was filled in is not lost by a slip', async () => {
	const page = await openForm();
	await page.keyboard.type('MDQ2');
	await page.keyboard.press('Escape');
	const question = page.getByRole('dialog', { name: 'Leave without saving?' });
	await question.locator('button:focus').waitFor();
	await page.keyboard.press('Enter');
	await question.waitFor({ state: 'detached' });
	expect(await page.getByLabel('VIN').inputValue()).toBe('MDQ2');
	await page.getByRole('button', { name: 'Cancel' }).click();
	await page.getByRole('button', { name: 'Discard' }).click();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('axe finds nothing', async () => {
	const page = await openForm();
	await page.keyboard.press('Enter');
	await page.getByText('Enter the VIN.').waitFor();
	expect(await violations(page)).toEqual([]);
	await page.keyboard.type('MDQ3');
	await page.keyboard.press('Enter');
	await confirmation(page).waitFor();
	expect(await violations(page)).toEqual([]);
});

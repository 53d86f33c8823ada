import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { Target } from './target.ts';

/** What would call {@link reached} if a page took it for more than text. */
const markup = {
	firmware: '<img src=x onerror=reached()>',
	device: '"><svg onload=reached()>',
	customer: '<script>reached()</script>',
	dealer: 'javascript:reached()//',
	organization: '</title><iframe srcdoc="<script>parent.reached()</script>">',
};

let target: Target;
let browser: Browser;
let page: Page;
let email: string;
/** Scripts that ran although they came as data, and requests to elsewhere. */
let reached: string[];

beforeAll(async () => {
	browser = await launchBrowser();
	target = await Target.start({}, async ({ pool }, { organizationNo }) => {
		for (const [table, value] of Object.entries(markup))
			if (table !== 'firmware')
				await pool.query(
					`update ${table} set name = $1 || ${table}_no where organization_no = $2`,
					[value, organizationNo],
				);
	});
	email = await target.newMember(target.harbour, 'admin');
	const device = target.harbour.devices[0]!;
	const wire = await target.connect(device);
	const at = new Date().toISOString();
	await wire.publish(device.deviceId, { at, firmware: markup.firmware, run_state: markup.device });
	wire.break();
});
afterAll(async () => {
	await browser.close();
	await target.close();
});
afterEach(() => page.context().close());

async function open(path: string): Promise<void> {
	reached = [];
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	// Longer than anything takes, also on a busy machine.
	context.setDefaultTimeout(60_000);
	page = await context.newPage();
	await page.exposeFunction('reached', () => reached.push('a script'));
	page.on('dialog', (dialog) => reached.push(dialog.message()));
	page.on('request', (request) => {
		if (new URL(request.url()).origin !== target.url.origin) reached.push(request.url());
	});
	await page.goto(new URL(path, target.url).href);
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill('a lantern by the quay');
	await page.keyboard.press('Enter');
}

test('what devices and people wrote is shown as text and nothing else', async () => {
	await open('/console');
	await page.getByText(/ of \d+ items/).waitFor();
	await page.getByText(markup.firmware).first().waitFor();
	for (const name of [markup.customer, markup.dealer, markup.organization])
		await page.getByText(name).first().waitFor({ state: 'attached' });
	await page.getByText(markup.firmware).first().click();
	await page.getByText(markup.device).first().waitFor();
	expect(await page.locator('iframe, img[src="x"], svg[onload]').count()).toBe(0);
	expect(reached).toEqual([]);
});

test('a script that got into a page all the same would not run, and could load nothing', async () => {
	await open('/console');
	await page.getByText(/ of \d+ items/).waitFor();
	const outcome = await page.evaluate(async () => {
		const script = document.createElement('script');
		script.textContent = 'document.title = "reached"';
		document.head.append(script);
		const image = new Image();
		const refused = new Promise((resolve) => {
			image.onerror = () => resolve('refused');
			image.onload = () => resolve('loaded');
		});
		image.src = 'https://evil.example/picture.png';
		return { title: document.title, image: await refused };
	});
	expect(outcome).toEqual({ title: expect.not.stringMatching(/^reached$/), image: 'refused' });
});

test('nobody is led away from the portal, by a sign-in or after it', async () => {
	await open(`/sign-in?next=${encodeURIComponent('/.//evil.example/')}`);
	await page.getByRole('navigation').first().waitFor();
	for (const next of [
		'//evil.example/',
		'/\\evil.example/',
		'/\t/evil.example/',
		'/..//evil.example/',
		'/%2f/evil.example/',
		'https://evil.example/',
		'javascript:reached()',
	]) {
		await page.goto(new URL(`/sign-in?next=${encodeURIComponent(next)}`, target.url).href);
		await page.getByRole('navigation').first().waitFor();
		expect(new URL(page.url()).origin, next).toBe(target.url.origin);
	}
	expect(reached).toEqual([]);
});

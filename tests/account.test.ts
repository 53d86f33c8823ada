import { readFile } from 'node:fs/promises';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { livePath } from '#contract/live.ts';
import { roles } from '#contract/roles.ts';
import { createCustomer, createDealer } from '#modules/customers/server/index.ts';
import { createMember } from '#modules/users/server/index.ts';
import { paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation } from './harness/installation.ts';
import { browserPages, confirmOn, desktop, phone, signInOn } from './harness/pages.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

const password = 'a sentence works well';
const stepMs = 30_000;

let db: TestDatabase;
let folder: TestFolder;
let product: RunningProduct;
let organizationNo: number;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	({ organizationNo } = await createInstallation(db.url, []));
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
});
afterAll(async () => {
	await product.end('SIGTERM');
	await db.drop();
	await folder.remove();
});

async function newMember(name: string, parts: Partial<Parameters<typeof createMember>[1]> = {}) {
	const email = `${name}@example.org`;
	await createMember(db.database, {
		organizationNo,
		name,
		email,
		password,
		role: 'operation',
		dealerNo: null,
		customerNos: null,
		...parts,
	});
	return email;
}

/** The app's code of now; while that one was taken already, of the step that follows. */
function codesOf(secret: string): () => string {
	const app = new TOTP({ secret: Secret.fromBase32(secret) });
	let lastStep = 0;
	return () => {
		lastStep = Math.max(lastStep + 1, Math.floor(Date.now() / stepMs));
		return app.generate({ timestamp: lastStep * stepMs });
	};
}

/** Sets up the second factor on the open account page. @returns what makes codes, and the recovery codes */
async function setUp(page: Page) {
	await page.getByRole('button', { name: 'Set up' }).click();
	await page.getByLabel(/^Your password/).fill(password);
	await page.getByRole('button', { name: 'Go on' }).click();
	await page.getByRole('img', { name: 'QR code' }).waitFor();
	const secret = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
	const code = codesOf(secret);
	expect(await violations(page, '[role=dialog]')).toEqual([]);
	await page.getByLabel('Code that the app shows').fill(code());
	await page.getByRole('button', { name: 'Switch on' }).click();
	await page.getByText('They are shown now and never again').waitFor();
	const recoveryCodes = await page.getByRole('dialog').locator('li code').allTextContents();
	return { code, recoveryCodes };
}

test('sets up the second factor, signs in with it and with a recovery code, and switches it off', async () => {
	const email = await newMember('asha');
	const cookie = await signIn(product.url, email, password);
	const page = await openPage({ path: paths.home, cookie });
	await page.getByRole('button', { name: 'Account of asha' }).click();
	await page.getByRole('link', { name: 'Account' }).click();
	const { code, recoveryCodes } = await setUp(page);
	expect(recoveryCodes).toHaveLength(10);
	expect(await violations(page, '[role=dialog]')).toEqual([]);
	const [file] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: 'Download' }).click(),
	]);
	const kept = await readFile(await file.path(), 'utf8');
	for (const each of recoveryCodes) expect(kept).toContain(each);
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'I have kept them' }).click();
	await page.getByText('Recovery codes left: 10 of 10.').waitFor();

	const entrance = await openPage({ path: '/sign-in?next=%2Faccount' });
	await signInOn(entrance, { email, password });
	await entrance.getByRole('heading', { name: 'Second step' }).waitFor();
	expect(await violations(entrance)).toEqual([]);
	await entrance.getByLabel('Code').fill('000000');
	await entrance.keyboard.press('Enter');
	await entrance.getByText('This code is not right').waitFor();
	await entrance.getByLabel('Code').fill(code());
	await entrance.keyboard.press('Enter');
	await entrance.getByText('This one').waitFor();
	await entrance.waitForURL((url) => url.pathname === '/account');

	const other = await openPage({ path: '/sign-in?next=%2Faccount' });
	await signInOn(other, { email, password });
	await other.getByLabel('Code').fill((recoveryCodes[0] ?? '').toLowerCase());
	await other.keyboard.press('Enter');
	await other.getByText('Recovery codes left: 9 of 10.').waitFor();

	await other.getByRole('button', { name: 'New recovery codes' }).click();
	await other.getByLabel(/^Your password/).fill(password);
	await other.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(other);
	await other.getByRole('button', { name: 'I have kept them' }).click();
	await other.getByText('Recovery codes left: 10 of 10.').waitFor();

	await other.getByRole('button', { name: 'Switch off' }).click();
	await other.getByLabel(/^Your password/).fill('not the password');
	await other.getByLabel(/^Code/).fill(recoveryCodes[1] ?? '');
	await other.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(other);
	await other.getByText('This is not your password').waitFor();
	// The codes of before are worth nothing.
	await other.getByLabel(/^Your password/).fill(password);
	await other.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(other);
	await other.getByText('This code is not right').waitFor();
});

test('moves the second factor to another app', async () => {
	const email = await newMember('moves');
	const cookie = await signIn(product.url, email, password);
	const page = await openPage({ path: paths.account, cookie });
	const { code } = await setUp(page);
	await page.getByRole('button', { name: 'I have kept them' }).click();
	await page.getByRole('button', { name: 'Move to another app' }).click();
	await page.getByLabel(/^Your password/).fill(password);
	const goOn = page.getByRole('button', { name: 'Go on' });
	await expect.poll(() => goOn.isDisabled()).toBe(true);
	await page.getByLabel('Code of the app that you use now').fill('000000');
	await goOn.click();
	await page.getByText('This code is not right').waitFor();
	expect(await violations(page, '[role=dialog]')).toEqual([]);
	await page.getByLabel('Code of the app that you use now').fill(code());
	await goOn.click();
	await page.getByRole('img', { name: 'QR code' }).waitFor();
	await page.getByText('The app of now and its recovery codes are worth nothing then.').waitFor();
	const secret = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
	await page.getByLabel('Code that the app shows').fill(codesOf(secret)());
	await page.getByRole('button', { name: 'Move', exact: true }).click();
	await page.getByText('They are shown now and never again').waitFor();
	await page.getByRole('button', { name: 'I have kept them' }).click();
	await page.getByText('Recovery codes left: 10 of 10.').waitFor();
});

test('too many wrong codes: the page says how long to wait', async () => {
	const email = await newMember('waits');
	const account = await openPage({
		path: paths.account,
		cookie: await signIn(product.url, email, password),
	});
	await setUp(account);
	const page = await openPage({ path: '/sign-in' });
	await signInOn(page, { email, password });
	const field = page.getByLabel('Code');
	const refused = page.waitForResponse((answer) => answer.status() === 429);
	for (let tries = 0; tries < 6; tries += 1) {
		await field.fill('000000');
		const answered = page.waitForResponse('**/api/auth/second-step');
		await page.keyboard.press('Enter');
		await answered;
		// The page empties the field once it has taken the answer in.
		await expect.poll(() => field.inputValue()).toBe('');
	}
	await refused;
	await page.getByText(/Too many attempts. Try again in \d+ s/).waitFor();
	await page.getByRole('button', { name: 'Sign in', disabled: true }).waitFor();
	await page.getByRole('button', { name: 'Back' }).click();
	await page.getByLabel('Password', { exact: true }).waitFor();
});

test('a revoked session is out at once: its page goes to the sign-in, its connection closes', async () => {
	const email = await newMember('roams');
	const cookie = await signIn(product.url, email, password);
	const elsewhere = await signIn(product.url, email, password);
	const lost = await openPage({ path: paths.account, cookie: elsewhere });
	await lost.getByText('This one').waitFor();
	const socket = new WebSocket(product.url.replace('http', 'ws') + livePath, {
		headers: { cookie: elsewhere },
	});
	const closed = new Promise<number>((resolve) => socket.once('close', resolve));
	await new Promise((resolve) => socket.once('message', resolve));

	const page = await openPage({ path: paths.account, cookie });
	await page.getByRole('button', { name: 'End: Unknown browser' }).click();
	await page.getByText('is signed out at once').waitFor();
	await confirmOn(page);
	await page.getByText('The session is ended.').waitFor();
	expect(await closed).toBe(4401);
	await lost.waitForURL('**/sign-in?next=*');
	await page.getByRole('button', { name: 'End: Unknown browser' }).waitFor({ state: 'detached' });
});

test('changes the password; the other sessions end', async () => {
	const email = await newMember('changes');
	const cookie = await signIn(product.url, email, password);
	const elsewhere = await openPage({
		path: paths.account,
		cookie: await signIn(product.url, email, password),
	});
	await elsewhere.getByText('This one').waitFor();
	const page = await openPage({ path: paths.account, cookie });
	await page.getByRole('button', { name: 'Change password' }).click();
	await page.getByLabel(/^Current password/).fill('not the password');
	await page.getByLabel(/^New password/).fill('another sentence that works');
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('This is not your password').waitFor();
	expect(await violations(page, '[role=dialog]')).toEqual([]);
	await page.getByLabel(/^Current password/).fill(password);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('Your password is changed.').waitFor();
	await elsewhere.waitForURL('**/sign-in?next=*');
	await signIn(product.url, email, 'another sentence that works');
});

test('every role has its account page, from the palette too, without violations', async () => {
	const [dealerNo, customerNo] = [
		await createDealer(db.database, organizationNo, { name: 'North', city: null }),
		await createCustomer(db.database, organizationNo, {
			name: 'One',
			dealerNo: null,
			email: null,
			mobile: null,
			address: null,
			city: null,
			pinCode: null,
		}),
	];
	for (const role of roles) {
		const narrowed = role === 'b2b' || role === 'customer';
		const email = await newMember(`as-${role}`, {
			role,
			dealerNo: role === 'dealer' ? dealerNo : null,
			customerNos: narrowed ? [customerNo] : null,
		});
		const cookie = await signIn(product.url, email, password);
		const page = await openPage({ path: paths.account, cookie });
		await page.getByText('This one').waitFor();
		await page.getByText(email).first().waitFor();
	}
	const cookie = await signIn(product.url, 'as-admin@example.org', password);
	for (const options of [desktop, phone]) {
		const page = await openPage({
			path: paths.account,
			cookie,
			options,
		});
		await page.getByText('This one').waitFor();
		expect(await violations(page)).toEqual([]);
	}
	const page = await openPage({ path: paths.audit, cookie });
	await page.getByRole('button', { name: 'Find a VIN, page or action' }).click();
	await page.getByRole('dialog').getByRole('textbox').fill('account');
	await page.getByRole('dialog').getByText('Account', { exact: true }).click();
	await page.getByText('This one').waitFor();
});

import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendActivation } from '#modules/access/server/activation.ts';
import { createMember } from '#modules/users/server/index.ts';
import { paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation } from './harness/installation.ts';
import { linkIn, startMailServer, type TestMailServer } from './harness/mail-server.ts';
import { browserPages, signInOn, sizes } from './harness/pages.ts';
import { picture } from './harness/picture.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { until } from './harness/until.ts';

const oldPassword = 'a sentence works well';
const newPassword = 'another sentence works as well';
const patienceMs = 20_000;

let db: TestDatabase;
let folder: TestFolder;
let mailServer: TestMailServer;
let product: RunningProduct;
let organizationNo: number;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder, mailServer] = await Promise.all([
		createTestDatabase(),
		createTestFolder(),
		startMailServer(),
	]);
	({ organizationNo } = await createInstallation(db.url, []));
	product = await startProduct({
		dataDir: folder.path,
		environment: {
			DATABASE_URL: db.url,
			SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
			MAIL_FROM: 'portal@harbour.example',
		},
	});
});
afterAll(async () => {
	await product.end('SIGTERM');
	await mailServer.stop();
	await db.drop();
	await folder.remove();
});

let people = 0;
async function newMember(): Promise<string> {
	people += 1;
	const email = `person${people}@example.org`;
	await createMember(db.database, {
		email,
		password: oldPassword,
		organizationNo,
		name: 'Person',
		role: 'operation',
		dealerNo: null,
		customerNos: null,
	});
	return email;
}

/** Invites somebody new, as an Admin who sits at the portal does. */
async function invite(): Promise<string> {
	people += 1;
	const email = `person${people}@example.org`;
	const userId = randomUUID();
	await db.pool.query('insert into auth_user (id, name, email) values ($1, $2, $3)', [
		userId,
		'Newcomer',
		email,
	]);
	await db.pool.query(
		`insert into membership (user_id, organization_no, role, all_customers)
		values ($1, $2, 'operation', true)`,
		[userId, organizationNo],
	);
	await db.database
		.transaction()
		.execute((transaction) =>
			sendActivation(
				transaction,
				{ userId, organizationNo, host: new URL(product.url).host },
				{ publicUrl: null, ownPort: Number(new URL(product.url).port) },
			),
		);
	return email;
}

/** Path with token of the link in the only mail to somebody. */
async function linkTo(email: string): Promise<string> {
	const mail = await until(() => {
		const mails = mailServer.mails.filter(({ recipient }) => recipient === email);
		expect(mails).toHaveLength(1);
		return mails[0];
	}, patienceMs);
	expect(mail?.from).toEqual({ name: 'Harbour Fleet', address: 'portal@harbour.example' });
	expect(mail?.raw).not.toMatch(/quarterdeck/i);
	const link = new URL(linkIn(mail ?? {}));
	expect(link.port).toBe(new URL(product.url).port);
	return `${link.pathname}${link.hash}`;
}

test.each(sizes)('a forgotten password is reset by the link of a mail, %s', async (_, options) => {
	const look = async (page: Page, what: string) => {
		await picture(page, `password-${what}`);
		expect(await violations(page)).toEqual([]);
	};
	const email = await newMember();
	const page = await openPage({ path: paths.signIn, options });
	await page.getByLabel('E-mail').fill(email);
	await page.getByRole('link', { name: 'Forgot password?' }).click();
	await page.waitForURL((url) => url.pathname === paths.forgotPassword);
	await expect.poll(() => page.getByLabel('E-mail').inputValue()).toBe(email);
	await look(page, 'forgot');
	await page.getByRole('button', { name: 'Send link' }).click();
	await page.getByRole('heading', { name: 'Look into your mails' }).waitFor();
	await page.getByText(email).waitFor();
	await look(page, 'asked');

	const link = await linkTo(email);
	const other = await openPage({ path: link, options });
	await other.getByRole('heading', { name: 'Choose a new password' }).waitFor();
	await expect.poll(() => other.getByLabel('E-mail').inputValue()).toBe(email);
	await look(other, 'reset');
	await other.getByLabel('New password', { exact: true }).fill('sunshinesunshine');
	await other.keyboard.press('Enter');
	await other.getByText('This password is on lists of common passwords').waitFor();
	await look(other, 'refused');
	await other.getByLabel('New password', { exact: true }).fill(newPassword);
	await other.keyboard.press('Enter');
	await other.waitForURL((url) => url.pathname === paths.signIn && url.hash === '');
	await other.getByText('Your password was reset. Sign in with the new one.').waitFor();
	await signInOn(other, { email, password: newPassword });
	await other.waitForURL((url) => url.pathname === '/console');

	const again = await openPage({ path: link, options });
	await again.getByRole('heading', { name: 'This link does not work' }).waitFor();
	await again.getByText('This link was used already').waitFor();
	await look(again, 'used');
	await again.getByRole('link', { name: 'Ask for a new link' }).click();
	await again.waitForURL((url) => url.pathname === paths.forgotPassword);
});

test.each(sizes)('an invitation leads to the first password, %s', async (_, options) => {
	const email = await invite();
	const page = await openPage({ path: await linkTo(email), options });
	await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
	await page.getByText('Then your account at Harbour Fleet is activated.').waitFor();
	await picture(page, 'password-activate');
	expect(await violations(page)).toEqual([]);
	await page.getByLabel('New password', { exact: true }).fill('Harbour Fleet 2026');
	await page.getByRole('button', { name: 'Activate account' }).click();
	await page.getByText('This password is your e-mail or the organization’s name').waitFor();
	await page.getByLabel('New password', { exact: true }).fill(newPassword);
	await page.getByRole('button', { name: 'Activate account' }).click();
	await page.getByText('Your account is activated.').waitFor();
	await signInOn(page, { email, password: newPassword });
	await page.waitForURL((url) => url.pathname === '/console');
});

test('links that have expired, or never were, say what to do', async () => {
	const email = await invite();
	const link = await linkTo(email);
	await db.pool.query(`update account_link set expires_at = now() where purpose = 'activate'`);
	const page = await openPage({ path: link });
	await page.getByText('has expired. Ask your administrator to send it again.').waitFor();
	expect(await violations(page)).toEqual([]);
	for (const path of ['/reset-password#nonsense', '/reset-password', '/activate#x']) {
		const unknown = await openPage({ path });
		await unknown.getByText('This link is not valid.').waitFor();
	}
});

test('an open page is led to sign-in when the password is reset elsewhere', async () => {
	const email = await newMember();
	const page = await openPage({ path: paths.signIn });
	await signInOn(page, { email, password: oldPassword });
	await page.waitForURL((url) => url.pathname === '/console');
	await page.getByRole('navigation').first().waitFor();
	const asking = await openPage({ path: paths.forgotPassword });
	await asking.getByLabel('E-mail').fill(email);
	await asking.keyboard.press('Enter');
	const other = await openPage({ path: await linkTo(email) });
	await other.getByLabel('New password', { exact: true }).fill(newPassword);
	await other.keyboard.press('Enter');
	await other.getByText('Your password was reset.').waitFor();
	await page.waitForURL((url) => url.pathname === paths.signIn);
});

test('too many requests say how long to wait', async () => {
	const page = await openPage({ path: paths.forgotPassword });
	const ask = async () => {
		await page.getByLabel('E-mail').fill('nobody@example.org');
		await page.keyboard.press('Enter');
	};
	for (let i = 0; i < 3; i++) {
		await ask();
		await page.getByRole('heading', { name: 'Look into your mails' }).waitFor();
		await page.goBack();
		await page.goto(new URL(paths.forgotPassword, product.url).href);
	}
	await ask();
	// A quarter of an hour from the first, some of which has passed.
	await page.getByText(/Too many requests\. Try again in 1[1-5] min\./).waitFor();
	await expect.poll(() => page.getByRole('button', { name: 'Send link' }).isDisabled()).toBe(true);
});

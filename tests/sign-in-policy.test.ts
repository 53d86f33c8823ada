import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '#contract/roles.ts';
import { createMember } from '#modules/users/server/index.ts';
import { paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation } from './harness/installation.ts';
import { startOidcProvider, type TestProvider } from './harness/oidc-provider.ts';
import {
	browserPages,
	confirmOn,
	desktop,
	phone,
	signInAtProviderOn,
	signInOn,
} from './harness/pages.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

const password = 'a sentence works well';

let db: TestDatabase;
let folder: TestFolder;
let product: RunningProduct;
let provider: TestProvider;
const openPage = browserPages(() => product.url);
const emailOf = (name: string) => `${name}@example.org`;

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	const { organizationNo } = await createInstallation(db.url, []);
	const members: [string, Role][] = [
		['chief', 'super_admin'],
		['admin', 'admin'],
		['asha', 'operation'],
	];
	for (const [name, role] of members)
		await createMember(db.database, {
			organizationNo,
			name,
			email: emailOf(name),
			password,
			role,
			dealerNo: null,
			customerNos: null,
		});
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	provider = await startOidcProvider([new URL('/api/auth/oidc/callback', product.url).href]);
	provider.people = ['admin', 'asha'].map((name) => ({
		login: name,
		email: emailOf(name),
		isVerified: true,
	}));
});
afterAll(async () => {
	await product.end('SIGTERM');
	await provider.close();
	await db.drop();
	await folder.remove();
});

/** Looks at a page as wide as a phone and as a desk's screen, in both schemes. */
async function isAccessible(page: Page, part?: string): Promise<void> {
	for (const { viewport } of [phone, desktop]) {
		if (viewport) await page.setViewportSize(viewport);
		expect(await violations(page, part)).toEqual([]);
	}
}

/** Asks for a change of the policy. @returns what the confirmation says */
async function change(page: Page, label: string): Promise<string> {
	await page.getByRole('button', { name: 'Edit policy' }).click();
	await page.getByLabel(label).click();
	await page.getByRole('button', { name: 'Submit' }).click();
	await page.getByLabel('Confirmation').waitFor();
	return (await page.getByRole('dialog').last().textContent()) ?? '';
}

/** Sets up the second factor on the page that asks for it. */
async function setUpFactor(page: Page): Promise<void> {
	await page.getByRole('button', { name: 'Set up' }).click();
	await page.getByLabel(/^Your password/).fill(password);
	await page.getByRole('button', { name: 'Go on' }).click();
	await page.getByRole('img', { name: 'QR code' }).waitFor();
	const secret = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
	const app = new TOTP({ secret: Secret.fromBase32(secret) });
	await page.getByLabel('Code that the app shows').fill(app.generate());
	await page.getByRole('button', { name: 'Switch on' }).click();
	await page.getByText('They are shown now and never again').waitFor();
}

async function signInAtProvider(login: string, next: string): Promise<Page> {
	const page = await openPage({ path: `/sign-in?next=${encodeURIComponent(next)}` });
	await signInAtProviderOn(page, { issuer: provider.issuer, name: 'Works', login });
	return page;
}

test('an Admin requires a second factor: open pages lead to it by themselves, and then go on', async () => {
	const asha = await openPage({
		path: paths.audit,
		cookie: await signIn(product.url, emailOf('asha'), password),
	});
	await asha.getByText('Signed in').first().waitFor();
	const admin = await openPage({
		path: paths.organization,
		cookie: await signIn(product.url, emailOf('admin'), password),
	});
	await admin.getByRole('link', { name: 'How everybody signs in' }).click();
	await admin.getByText('Everybody’s own choice').waitFor();
	await isAccessible(admin);
	expect(await change(admin, 'Require a second factor')).toContain(
		'You have none yet: you will be asked to set it up next.',
	);
	await isAccessible(admin, '[role=dialog]');
	await confirmOn(admin);

	await asha.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
	await isAccessible(asha);
	await expect.poll(() => asha.getByRole('navigation').count()).toBe(0);
	await admin.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
	await setUpFactor(admin);
	// Codes stay until they are kept, whatever is heard of the session meanwhile.
	await admin.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await admin.getByRole('button', { name: 'I have kept them' }).click();
	await admin.getByText('Required of everybody who signs in with a password').waitFor();
	await admin.waitForURL((url) => url.pathname === paths.adminSignIn);
	await admin.goto(new URL(paths.account, product.url).href);
	await admin.getByText('Your organization requires it.').waitFor();
	expect(await admin.getByRole('button', { name: 'Switch off' }).count()).toBe(0);
	await admin.goto(new URL(paths.organization, product.url).href);
	await admin.getByRole('link', { name: 'Changes in the audit log' }).click();
	await admin.getByText('Sign-in policy changed').first().waitFor();

	// Whoever signs in comes to it, too, and may leave.
	const entrance = await openPage({ path: '/sign-in?next=%2Fmap' });
	await signInOn(entrance, { email: emailOf('asha'), password });
	await entrance.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
	await entrance.getByRole('button', { name: 'Sign out' }).click();
	await entrance.waitForURL('**/sign-in');
	await setUpFactor(asha);
	await asha.getByRole('button', { name: 'I have kept them' }).click();
	await asha.getByText('Second factor switched on').first().waitFor();
	await asha.waitForURL((url) => url.pathname === paths.audit);
	await db.pool.query('delete from sign_in_policy');
	await db.pool.query('delete from second_factor');
});

test('an Admin gives up passwords: the sign-in page shows the provider, and Super Admins a way', async () => {
	const admin = await openPage({
		path: paths.adminSignIn,
		cookie: await signIn(product.url, emailOf('admin'), password),
	});
	await admin.getByRole('button', { name: 'Edit policy' }).click();
	await admin.getByText('set up a provider first').waitFor();
	await expect.poll(() => admin.getByLabel('Allow password sign-in').isDisabled()).toBe(true);
	await admin.getByRole('button', { name: 'Cancel' }).click();
	await admin.getByRole('button', { name: 'Set up a provider' }).click();
	await admin.getByRole('textbox', { name: /^Name/ }).fill('Works');
	await admin.getByRole('textbox', { name: /^Issuer/ }).fill(provider.issuer);
	await admin.getByRole('textbox', { name: /^Client ID/ }).fill(provider.clientId);
	await admin.getByLabel(/^Client secret/).fill(provider.clientSecret);
	await admin.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(admin);
	await admin.getByText('Sign-in with Works is saved.').waitFor();
	expect(await change(admin, 'Allow password sign-in')).toContain('you are signed out too');
	await confirmOn(admin);
	await admin.getByText('no Admin has signed in with Works yet').waitFor();

	const byProvider = await signInAtProvider('admin', paths.adminSignIn);
	await byProvider.getByText('Allowed').waitFor();
	const asha = await openPage({
		path: paths.console,
		cookie: await signIn(product.url, emailOf('asha'), password),
	});
	await asha.getByRole('navigation').first().waitFor();
	expect(await change(byProvider, 'Allow password sign-in')).not.toContain(
		'you are signed out too',
	);
	await confirmOn(byProvider);
	await byProvider.getByText('Off: members sign in with Works alone').waitFor();
	for (const page of [asha, admin]) {
		await page.waitForURL('**/sign-in?next=*');
		await page.getByRole('link', { name: 'Sign in with Works' }).waitFor();
		expect(await page.getByLabel('Password').count()).toBe(0);
	}
	await isAccessible(asha);
	await byProvider.getByRole('button', { name: 'Remove' }).click();
	await confirmOn(byProvider);
	await byProvider.getByText('Works is the only way in').waitFor();

	await asha.getByRole('button', { name: 'Super Admins: sign in with a password' }).click();
	await signInOn(asha, { email: emailOf('asha'), password });
	await asha.getByText('Passwords are not used here. Sign in with Works.').waitFor();
	await isAccessible(asha);
	await asha.getByRole('link', { name: 'Forgot password?' }).click();
	await asha.getByText('Passwords are for Super Admins here').waitFor();
	await asha.getByRole('button', { name: 'Send link' }).click();
	await asha.getByText('Passwords are not used here. Sign in with Works.').waitFor();
	const chief = await openPage({ path: '/sign-in?next=%2Faccount' });
	await chief.getByRole('button', { name: 'Super Admins: sign in with a password' }).click();
	await signInOn(chief, { email: emailOf('chief'), password });
	await chief.getByText('This one').waitFor();
});

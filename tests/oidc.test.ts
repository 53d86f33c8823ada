import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMember } from '#modules/users/server/index.ts';
import { auditPath, paths } from '#web/links.ts';
import { violations } from './harness/axe.ts';
import { createTestDatabase, type TestDatabase } from './harness/database.ts';
import { createTestFolder, type TestFolder } from './harness/folder.ts';
import { createInstallation } from './harness/installation.ts';
import { startOidcProvider, type TestProvider } from './harness/oidc-provider.ts';
import { browserPages, confirmOn, desktop, phone, signInAtProviderOn } from './harness/pages.ts';
import { type RunningProduct, startProduct } from './harness/product.ts';
import { signIn } from './harness/sign-in.ts';

const password = 'a sentence works well';

let db: TestDatabase;
let folder: TestFolder;
let product: RunningProduct;
let provider: TestProvider;
const openPage = browserPages(() => product.url);

beforeAll(async () => {
	[db, folder] = await Promise.all([createTestDatabase(), createTestFolder()]);
	const { organizationNo } = await createInstallation(db.url, []);
	for (const name of ['admin', 'asha'])
		await createMember(db.database, {
			organizationNo,
			name,
			email: `${name}@example.org`,
			password,
			role: 'admin',
			dealerNo: null,
			customerNos: null,
		});
	product = await startProduct({ dataDir: folder.path, environment: { DATABASE_URL: db.url } });
	provider = await startOidcProvider([new URL('/api/auth/oidc/callback', product.url).href]);
	provider.people = [
		{ login: 'asha', email: 'asha@example.org', isVerified: true },
		{ login: 'eve', email: 'eve@example.org', isVerified: true },
	];
});
afterAll(async () => {
	await product.end('SIGTERM');
	await provider.close();
	await db.drop();
	await folder.remove();
});

/** Goes from the sign-in page through the provider, as somebody whom it knows. */
async function signInAtProvider(login: string, next = paths.account): Promise<Page> {
	const page = await openPage({ path: `/sign-in?next=${encodeURIComponent(next)}` });
	await signInAtProviderOn(page, { issuer: provider.issuer, name: 'Works', login });
	return page;
}

test('an Admin configures the provider, members sign in there, and removal ends that', async () => {
	const cookie = await signIn(product.url, 'admin@example.org', password);
	const page = await openPage({ path: paths.adminSignIn, cookie });
	await page.getByText('No provider yet').waitFor();
	await page.getByText(new URL('/api/auth/oidc/callback', product.url).href).waitFor();
	expect(await violations(page)).toEqual([]);
	await page.getByRole('button', { name: 'Set up a provider' }).click();
	await page.getByRole('textbox', { name: /^Name/ }).fill('Works');
	await page.getByRole('textbox', { name: /^Issuer/ }).fill('provider');
	await page.getByRole('textbox', { name: /^Client ID/ }).fill(provider.clientId);
	await page.getByLabel(/^Client secret/).fill(provider.clientSecret);
	await page.getByLabel('E-mail domains').fill('@example.org');
	await page.getByRole('button', { name: 'Submit' }).click();
	await page.getByText('Enter the issuer as an address').waitFor();
	await page.getByText('Enter domains as in example.com').waitFor();
	expect(await violations(page, '[role=dialog]')).toEqual([]);
	await page.getByLabel('E-mail domains').fill('example.org');
	// What the server finds out is shown at its field.
	await page.getByRole('textbox', { name: /^Issuer/ }).fill(`${provider.issuer}/other`);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('The provider cannot be used').waitFor();
	await page.getByRole('textbox', { name: /^Issuer/ }).fill(provider.issuer);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('Sign-in with Works is saved.').waitFor();
	await page.getByRole('button', { name: 'Test' }).click();
	await page.getByText('The provider answers as it should.').waitFor();

	const asha = await signInAtProvider('asha');
	await asha.getByText('This one').waitFor();
	expect(new URL(asha.url()).pathname).toBe(paths.account);
	await asha.getByText('asha@example.org').first().waitFor();

	const eve = await signInAtProvider('eve');
	await eve.getByText('Nobody here has the e-mail address of this sign-in').waitFor();
	expect(new URL(eve.url()).origin).toBe(new URL(product.url).origin);
	expect(await violations(eve)).toEqual([]);

	await page.getByRole('button', { name: 'Remove' }).click();
	await confirmOn(page);
	await page.getByText('The provider is removed.').waitFor();
	await asha.waitForURL('**/sign-in?next=*');
	const entrance = await openPage({ path: '/sign-in' });
	await entrance.getByRole('button', { name: 'Sign in' }).waitFor();
	expect(await entrance.getByRole('link', { name: /Sign in with/ }).count()).toBe(0);
	await page.goto(new URL(auditPath('Works'), product.url).href);
	await page.getByText('Sign-in provider removed').first().waitFor();
	await page.getByText('Sign-in provider configured').first().waitFor();
});

test('somebody else’s change is told, and the form begins anew with it', async () => {
	const cookie = await signIn(product.url, 'admin@example.org', password);
	const save = (before: object | null, label: string) =>
		fetch(new URL('/api/admin/sign-in', product.url), {
			method: 'PUT',
			headers: { cookie, 'content-type': 'application/json' },
			body: JSON.stringify({
				before,
				after: settings(label),
				clientSecret: provider.clientSecret,
				confirm: 'Confirm',
			}),
		});
	const settings = (label: string) => ({
		label,
		issuer: provider.issuer,
		clientId: provider.clientId,
		domains: [],
		isEnabled: true,
	});
	expect((await save(null, 'Works')).status).toBe(200);
	const page = await openPage({ path: paths.adminSignIn, cookie });
	await page.getByRole('button', { name: 'Edit', exact: true }).click();
	await page.getByRole('textbox', { name: /^Name/ }).fill('Mine');
	expect((await save({ ...settings('Works'), secretVersion: 1 }, 'Theirs')).status).toBe(200);
	await page.getByRole('button', { name: 'Submit' }).click();
	await confirmOn(page);
	await page.getByText('Name is now “Theirs”').waitFor();
	for (const options of [desktop, phone]) {
		const shown = await openPage({
			path: paths.adminSignIn,
			cookie,
			options,
		});
		await shown.getByText('Theirs').waitFor();
		expect(await violations(shown)).toEqual([]);
	}
});

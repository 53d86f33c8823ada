import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from './browser.ts';

export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
export const phone: BrowserContextOptions = {
	viewport: { width: 390, height: 844 },
	hasTouch: true,
	isMobile: true,
};
export const sizes = [
	['desktop', desktop],
	['phone', phone],
] as const;

export interface OpenPage {
	/** Below the address of what is tested. */
	readonly path: string;
	readonly options?: BrowserContextOptions;
	/** A session's cookie as `name=value`. */
	readonly cookie?: string;
	/** Done before anything is loaded. */
	readonly before?: (page: Page) => Promise<void>;
}

/**
 * A browser for the tests of one file, each with contexts of its own. A page that throws, or does what the content
 * security policy forbids, fails the test.
 */
export function browserPages(url: () => string): (open: OpenPage) => Promise<Page> {
	let browser: Browser;
	let complaints: string[] = [];
	beforeAll(async () => {
		browser = await launchBrowser();
	});
	afterAll(() => browser.close());
	afterEach(async () => {
		await Promise.all(browser.contexts().map((context) => context.close()));
		const found = complaints;
		complaints = [];
		expect(found).toEqual([]);
	});
	return async ({ path, options = desktop, cookie, before }) => {
		const base = url();
		// Without transitions: nothing is half faded in when axe looks at its contrast.
		const context = await browser.newContext({
			locale: 'en-GB',
			reducedMotion: 'reduce',
			...options,
		});
		// Longer than anything takes, also on a busy machine.
		context.setDefaultTimeout(60_000);
		if (cookie !== undefined) {
			const [name = '', value = ''] = cookie.split('=');
			await context.addCookies([{ name, value, url: base }]);
		}
		const page = await context.newPage();
		page.on('pageerror', (error) => complaints.push(error.message));
		page.on('console', (message) => {
			if (message.text().includes('Content Security Policy')) complaints.push(message.text());
		});
		await before?.(page);
		await page.goto(new URL(path, base).href);
		return page;
	};
}

/** Fills in the sign-in page and sends it. */
export async function signInOn(
	page: Page,
	{ email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
	await page.getByLabel('E-mail').fill(email);
	const passwordField = page.getByLabel('Password', { exact: true });
	await passwordField.fill(password);
	await passwordField.press('Enter');
}

/** Types what a confirmation asks for, and sends it. */
export async function confirmOn(page: Page): Promise<void> {
	await page.getByLabel('Confirmation').fill('confirm');
	await page.getByLabel('Confirmation').press('Enter');
}

/** Goes from the sign-in page to the organization's provider of this name, and signs in there. */
export async function signInAtProviderOn(
	page: Page,
	{
		issuer,
		name,
		login,
	}: { readonly issuer: string; readonly name: string; readonly login: string },
): Promise<void> {
	await page.getByRole('link', { name: `Sign in with ${name}` }).click();
	await page.waitForURL(`${issuer}/**`);
	await page.getByLabel('Login').fill(login);
	await page.getByRole('button', { name: 'Go on' }).click();
}

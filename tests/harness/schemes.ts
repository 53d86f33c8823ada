import type { Page } from 'playwright-core';

type Scheme = 'light' | 'dark';

/**
 * Shows a page in the scheme it is in and then in the other, as when somebody's system changes over, and back.
 * @param look is done in each
 */
export async function inEachScheme(
	page: Page,
	look: (scheme: Scheme, isOther: boolean) => Promise<void>,
): Promise<void> {
	const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
	const own = isDark ? 'dark' : 'light';
	const other = isDark ? 'light' : 'dark';
	await look(own, false);
	await change(page, other);
	await look(other, true);
	await change(page, own);
}

async function change(page: Page, colorScheme: Scheme): Promise<void> {
	await page.emulateMedia({ colorScheme });
	await page
		.locator(`html[data-mantine-color-scheme=${colorScheme}]`)
		.waitFor({ state: 'attached' });
}

import type { Browser, Page } from 'playwright-core';

const desktop = { viewport: { width: 1440, height: 900 } };
const giveUpAfterMs = 120_000;

/** The map as somebody signed in opens it in a browser that has never seen it. */
export async function openMapPage(
	browser: Browser,
	url: string,
	cookie: string,
	search: string,
): Promise<Page> {
	const [name = '', value = ''] = cookie.split('=', 2);
	const context = await browser.newContext(desktop);
	await context.addCookies([{ name, value: cookie.slice(name.length + 1) || value, url }]);
	const page = await context.newPage();
	await page.goto(`${url}/map?${search}`);
	return page;
}

/** Milliseconds from the navigation until the fleet is on the map. */
export async function usableMs(page: Page): Promise<number> {
	await page.waitForFunction(
		() => performance.getEntriesByName('map-usable').length > 0,
		undefined,
		{ timeout: giveUpAfterMs },
	);
	return page.evaluate(() => performance.getEntriesByName('map-usable')[0]?.startTime ?? 0);
}

/**
 * Narrows an open map to a customer, or widens it again, and waits until so many devices are on it. The map stays, with
 * its place and its tiles.
 */
export async function showFleetOf(page: Page, search: string, devices: number): Promise<void> {
	await page.evaluate((next) => {
		history.pushState({}, '', `/map?${next}`);
		dispatchEvent(new PopStateEvent('popstate', { state: {} }));
	}, search);
	const all = page.getByRole('group', { name: 'Statuses' }).getByRole('button', { name: 'All' });
	const text = new RegExp(`All\\s*${devices.toLocaleString('en-IN')}$`);
	await all.filter({ hasText: text }).waitFor({ timeout: giveUpAfterMs });
}

/** Drags the map to and fro with the mouse, by the same path in the same time, and back. @returns frames a second */
export async function panFramesPerSecond(page: Page, seconds: number): Promise<number> {
	return page.evaluate(async (durationMs) => {
		const canvas = document.querySelector('.maplibregl-canvas');
		if (canvas === null) throw new Error('The map is not there.');
		const startX = 500;
		const legPx = 540;
		const pxPerMs = 0.3;
		// A map that is let go of while it moves glides on.
		const restMs = 300;
		const event = (type: string, target: EventTarget, buttons: number, x: number) =>
			target.dispatchEvent(
				new MouseEvent(type, { clientX: x, clientY: 450, button: 0, buttons, bubbles: true }),
			);
		event('mousedown', canvas, 1, startX);
		const beganAtMs = performance.now();
		let frames = 0;
		let elapsedMs = 0;
		while (elapsedMs < durationMs) {
			await new Promise(requestAnimationFrame);
			frames += 1;
			elapsedMs = performance.now() - beganAtMs;
			const travelled = (elapsedMs * pxPerMs) % (2 * legPx);
			event('mousemove', document, 1, startX + Math.min(travelled, 2 * legPx - travelled));
		}
		event('mousemove', document, 1, startX);
		await new Promise((resolve) => setTimeout(resolve, restMs));
		event('mouseup', document, 0, startX);
		return (frames * 1_000) / elapsedMs;
	}, seconds * 1_000);
}

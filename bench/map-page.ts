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

/** Drags the map to and fro with the mouse, a step each frame. @returns frames a second */
export async function panFramesPerSecond(page: Page, seconds: number): Promise<number> {
	return page.evaluate(async (durationMs) => {
		const canvas = document.querySelector('.maplibregl-canvas');
		if (canvas === null) throw new Error('The map is not there.');
		const stepPx = 9;
		const legPx = 540;
		let x = 500;
		let direction = 1;
		const event = (type: string, target: EventTarget, buttons: number) =>
			target.dispatchEvent(
				new MouseEvent(type, { clientX: x, clientY: 450, button: 0, buttons, bubbles: true }),
			);
		event('mousedown', canvas, 1);
		const beganAtMs = performance.now();
		let frames = 0;
		while (performance.now() - beganAtMs < durationMs) {
			await new Promise(requestAnimationFrame);
			frames += 1;
			x += stepPx * direction;
			if (x > 500 + legPx || x < 500) direction = -direction;
			event('mousemove', document, 1);
		}
		const tookMs = performance.now() - beganAtMs;
		event('mouseup', document, 0);
		return (frames * 1_000) / tookMs;
	}, seconds * 1_000);
}

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { inEachScheme } from './schemes.ts';

export interface Point {
	readonly x: number;
	readonly y: number;
}

/** What is painted at a point of a page, `#rrggbb`. */
export async function colourAt(page: Page, { x, y }: Point): Promise<string> {
	const picture = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
	return page.evaluate(async (base64) => {
		const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
		const bitmap = await createImageBitmap(new Blob([bytes]));
		const context = new OffscreenCanvas(1, 1).getContext('2d');
		context?.drawImage(bitmap, 0, 0);
		const pixel = [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
		return `#${pixel.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
	}, picture.toString('base64'));
}

/** Keeps pictures of a page in both schemes, in the folder `SCREENSHOTS`, for whoever wants to look at them. */
export async function picture(page: Page, name: string): Promise<void> {
	const folder = process.env.SCREENSHOTS;
	if (folder === undefined) return;
	const width = page.viewportSize()?.width;
	await inEachScheme(page, async (scheme) => {
		await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`) });
	});
}

import { type Browser, chromium } from 'playwright-core';

/** Starts the machine's Chromium, which `npm test` finds or installs. */
export function launchBrowser(): Promise<Browser> {
	return chromium.launch({
		executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
		// Root has no sandbox of Chromium's; the rest keeps it from talking to the world.
		args: [
			...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--no-first-run',
			'--disable-gpu',
		],
	});
}

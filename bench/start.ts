/**
 * `npm run bench:start [-- --runs 7] [--json]`: how long `npm start` takes, with everything installed and built and the
 * demo fleet in its data folder, until a browser has the sign-in page and its script.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createTestFolder } from '../tests/harness/folder.ts';

const goalMs = 5_000;
const pollMs = 10;
const giveUpAfterMs = 120_000;
const asBrowser = { headers: { accept: 'text/html' } };
const checkout = join(import.meta.dirname, '..');

const { values } = parseArgs({
	options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '7' } },
});
const folder = await createTestFolder();
try {
	await startOnce(folder.path, ['--', '--demo']);
	const runsMs: number[] = [];
	for (let run = 0; run < Number(values.runs); run++) {
		const tookMs = Math.round(await startOnce(folder.path, []));
		runsMs.push(tookMs);
		console.log(`Warm start ${run + 1}: ${tookMs} ms to the sign-in page and its script`);
	}
	const medianMs = median(runsMs);
	console.log(`Median ${medianMs} ms, goal below ${goalMs} ms`);
	if (values.json) console.log(JSON.stringify({ medianMs, runsMs, goalMs }));
	process.exitCode = medianMs < goalMs ? 0 : 1;
} finally {
	await folder.remove();
}

/** Starts the product, waits for its sign-in page and stops it. @returns the milliseconds until the page was there */
async function startOnce(dataDir: string, parameters: readonly string[]): Promise<number> {
	const [port, mqttPort] = [await freePort(), await freePort()];
	const beganAtMs = performance.now();
	const npm = spawn('npm', ['start', '--silent', ...parameters], {
		cwd: checkout,
		// A process group of its own, so that the signal reaches everybody in it, as a terminal's Ctrl-C does.
		detached: true,
		stdio: ['ignore', 'ignore', 'inherit'],
		env: {
			...process.env,
			PORT: String(port),
			MQTT_PORT: String(mqttPort),
			OSMAND_PORT: '0',
			DATA_DIR: dataDir,
		},
	});
	const ended = once(npm, 'exit');
	try {
		await loadSignInPage(`http://127.0.0.1:${port}`, beganAtMs + giveUpAfterMs);
		return performance.now() - beganAtMs;
	} finally {
		if (npm.pid !== undefined) process.kill(-npm.pid, 'SIGINT');
		await ended;
	}
}

async function loadSignInPage(url: string, deadlineMs: number): Promise<void> {
	for (;;) {
		const page = await fetch(`${url}/sign-in`, asBrowser).catch(() => null);
		if (page?.ok) {
			const script = /<script[^>]+type="module"[^>]+src="([^"]+)"/.exec(await page.text())?.[1];
			if (script === undefined) throw new Error('The sign-in page has no script.');
			const loaded = await fetch(new URL(script, url));
			if (!loaded.ok) throw new Error(`The script ${script} answers ${loaded.status}.`);
			await loaded.arrayBuffer();
			return;
		}
		if (performance.now() > deadlineMs) throw new Error('The product did not start.');
		await delay(pollMs);
	}
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	if (address === null || typeof address === 'string') throw new Error('No port is free.');
	return address.port;
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * `npm run test:clients`: device clients that are not ours (mosquitto_pub, mosquitto_sub) against the real server.
 * Installs what is missing where it may; it never skips. The last line says how many checks passed and failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inCheckout, PreparationError } from './checkout.js';
import { installPackages } from './packages.js';
import { buildPages } from './pages.js';
import { runInForeground, runQuietly } from './run.js';

try {
	const node = await installPackages();
	await findMosquitto();
	await buildPages(node);
	process.exitCode = await runInForeground(node, [inCheckout('tests', 'clients', 'main.ts')]);
} catch (error) {
	if (!(error instanceof PreparationError)) throw error;
	console.error(error.message);
	console.log('0 passed, 1 failed');
	process.exitCode = 1;
}

/** Sees that mosquitto's clients are there; on Debian root installs them. */
async function findMosquitto() {
	if (isInstalled()) return;
	if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
		const ifFailed = 'mosquitto-clients could not be installed; apt-get says why above.';
		const apt = ['DEBIAN_FRONTEND=noninteractive', '/usr/bin/apt-get'];
		const doing = 'Installing mosquitto-clients';
		await runQuietly('env', [...apt, 'update'], { doing: `${doing}: package lists`, ifFailed });
		const parameters = ['install', '--yes', '--no-install-recommends', 'mosquitto-clients'];
		await runQuietly('env', [...apt, ...parameters], { doing, ifFailed });
		if (isInstalled()) return;
	}
	throw new PreparationError(
		'These tests publish with mosquitto_pub and mosquitto_sub, which are missing here. Install them (Debian: sudo apt-get install mosquitto-clients, macOS: brew install mosquitto) and start again.',
	);
}

function isInstalled() {
	return ['mosquitto_pub', 'mosquitto_sub'].every(
		(command) => spawnSync(command, ['--help'], { stdio: 'ignore' }).error === undefined,
	);
}

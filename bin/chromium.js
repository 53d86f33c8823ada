import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PreparationError } from './checkout.js';
import { runQuietly } from './run.js';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of a Chromium or Chrome for the journeys; installs one where it may. @returns {Promise<string>} */
export async function findChromium() {
	const given = process.env.CHROMIUM_PATH;
	if (given !== undefined && given !== '') {
		if (isProgram(given)) return given;
		throw new PreparationError(`CHROMIUM_PATH is ${given}, but there is no program.`);
	}
	const found = installedChromium();
	if (found !== undefined) return found;
	if (process.getuid?.() === 0 && isProgram('/usr/bin/apt-get')) {
		await installByApt();
		const installed = installedChromium();
		if (installed !== undefined) return installed;
	}
	throw new PreparationError(
		'The journeys need Chromium or Google Chrome. Install it (on Debian: sudo apt-get install chromium), or set CHROMIUM_PATH to where it is.',
	);
}

function installedChromium() {
	const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/bin');
	const paths = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
	return [...paths, ...applications].find(isProgram);
}

/** @param {string} path */
function isProgram(path) {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

async function installByApt() {
	const doing = 'Installing Chromium';
	const ifFailed = 'Chromium could not be installed; apt-get says why above.';
	const settings = ['DEBIAN_FRONTEND=noninteractive', '/usr/bin/apt-get'];
	await runQuietly('env', [...settings, 'update'], { doing: `${doing}: package lists`, ifFailed });
	const parameters = ['install', '--yes', '--no-install-recommends', 'chromium'];
	await runQuietly('env', [...settings, ...parameters], { doing, ifFailed });
}

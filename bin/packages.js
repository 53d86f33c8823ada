import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { inCheckout, PreparationError } from './checkout.js';
import { runQuietly } from './run.js';

/**
 * Installs the packages of package-lock.json unless they are there, and answers the path of the pinned Node.
 * @param {{ forTests?: boolean }} options `forTests`: the development packages, too
 * @returns {Promise<string>}
 */
export async function installPackages({ forTests = false } = {}) {
	if (!areInstalled(forTests)) {
		await npm(['ci', '--no-audit', '--no-fund', ...(forTests ? ['--include=dev'] : [])], {
			doing: 'Installing packages',
			ifFailed:
				'The packages could not be installed; npm says why above. See that this machine reaches the npm registry, and start again.',
		});
	}
	return pinnedNode();
}

/**
 * npm writes node_modules/.package-lock.json when everything is in place.
 * @param {boolean} forTests
 */
function areInstalled(forTests) {
	const wanted = readLock('package-lock.json');
	const present = readLock('node_modules/.package-lock.json');
	return Object.entries(wanted).every(([path, entry]) => {
		const isRoot = path === '';
		const isLeftOut = !(path in present) && (entry.optional || (entry.dev && !forTests));
		return isRoot || isLeftOut || present[path]?.version === entry.version;
	});
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean, dev?: boolean }>}
 */
function readLock(path) {
	const file = inCheckout(path);
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** The Node this project is pinned to: a binary that the install script of the package `node` puts in place. */
async function pinnedNode() {
	const folder = inCheckout('node_modules', 'node');
	const binary = inCheckout('node_modules', 'node', 'bin', 'node');
	if (existsSync(binary)) return binary;
	// npm may have been told not to run install scripts.
	await runQuietly(process.execPath, ['installArchSpecificPackage.js'], {
		cwd: folder,
		doing: 'Installing the pinned Node',
		ifFailed:
			'The pinned Node could not be installed; npm says why above. Remove node_modules and start again.',
	});
	if (!existsSync(binary))
		throw new PreparationError(
			`The pinned Node is missing at ${binary}. Remove node_modules and start again.`,
		);
	return binary;
}

/**
 * @param {string[]} parameters
 * @param {{ doing: string, ifFailed: string }} options
 */
function npm(parameters, options) {
	// The npm that runs us, if it does.
	const script = process.env.npm_execpath;
	return script !== undefined && basename(script) === 'npm-cli.js'
		? runQuietly(process.execPath, [script, ...parameters], options)
		: runQuietly('npm', parameters, options);
}

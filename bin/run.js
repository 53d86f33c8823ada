import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PreparationError, root } from './checkout.js';

/**
 * Runs a program with our terminal until it ends, hands SIGINT and SIGTERM on to it, and answers its exit code (128 +
 * number for a signal, as shells do). The channel between us tells it when we are killed.
 * @param {string} program
 * @param {string[]} parameters
 * @returns {Promise<number>}
 */
export function runInForeground(program, parameters) {
	return new Promise((resolve, reject) => {
		const child = spawn(program, parameters, {
			cwd: root,
			stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
		});
		const handOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
		process.on('SIGINT', handOn);
		process.on('SIGTERM', handOn);
		child.once('error', (error) => reject(notRunnable(program, error)));
		child.once('exit', (code, signal) => {
			process.off('SIGINT', handOn);
			process.off('SIGTERM', handOn);
			resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
		});
	});
}

/**
 * Runs a program out of sight and shows what it said only if it failed.
 * @param {string} program
 * @param {string[]} parameters
 * @param {{ cwd?: string, doing: string, ifFailed: string }} options `doing` is shown meanwhile
 * @returns {Promise<void>}
 */
export function runQuietly(program, parameters, { cwd = root, doing, ifFailed }) {
	const progress = showProgress(doing);
	return new Promise((resolve, reject) => {
		/** @type {Buffer[]} */
		const said = [];
		const child = spawn(program, parameters, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
		child.stdout.on('data', (chunk) => said.push(chunk));
		child.stderr.on('data', (chunk) => said.push(chunk));
		child.once('error', (error) => {
			progress.end(false);
			reject(notRunnable(program, error));
		});
		child.once('close', (code) => {
			progress.end(code === 0);
			if (code === 0) return resolve();
			process.stderr.write(Buffer.concat(said));
			reject(new PreparationError(ifFailed));
		});
	});
}

/** @param {string} program @param {Error} error */
function notRunnable(program, error) {
	return new PreparationError(`${program} does not run on this machine (${error.message}).`);
}

/** One line, kept current on a terminal. @param {string} doing */
function showProgress(doing) {
	const beganAtMs = Date.now();
	const seconds = () => `${Math.round((Date.now() - beganAtMs) / 1000)} s`;
	const isTerminal = process.stdout.isTTY;
	process.stdout.write(isTerminal ? `${doing} …` : `${doing} …\n`);
	const timer = isTerminal
		? setInterval(() => process.stdout.write(`\r${doing} … ${seconds()}`), 1000)
		: undefined;
	return {
		/** @param {boolean} succeeded */
		end(succeeded) {
			clearInterval(timer);
			const result = `${doing}: ${succeeded ? 'done' : 'failed'} after ${seconds()}\n`;
			process.stdout.write(isTerminal ? `\r${result}` : result);
		},
	};
}

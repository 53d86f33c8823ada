/** `npm run dev`: the server, started anew when its code changes, and Vite, which reloads the pages. */
import { spawn } from 'node:child_process';
import { inCheckout, PreparationError, root } from './checkout.js';
import { installPackages } from './packages.js';
import { buildPages } from './pages.js';

try {
	const node = await installPackages({ forTests: true });
	await buildPages(node);
	runTogether(node, [
		['--watch', inCheckout('src', 'server.ts'), ...process.argv.slice(2)],
		[inCheckout('node_modules', 'vite', 'bin', 'vite.js')],
	]);
} catch (error) {
	if (!(error instanceof PreparationError)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}

/**
 * Runs all of them until one ends or we are asked to stop; then the others are stopped, too.
 * @param {string} program
 * @param {string[][]} parameterLists
 */
function runTogether(program, parameterLists) {
	const children = parameterLists.map((parameters) =>
		spawn(program, parameters, { cwd: root, stdio: 'inherit' }),
	);
	const stop = () => {
		for (const child of children) child.kill('SIGTERM');
	};
	for (const child of children) child.once('exit', stop);
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
}

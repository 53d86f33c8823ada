/**
 * `npm start`: prepares what is missing and runs the server on the pinned Node. Needs Node 20 or newer and no package.
 */
import { inCheckout, PreparationError } from './checkout.js';
import { installPackages } from './packages.js';
import { buildPages } from './pages.js';
import { runInForeground } from './run.js';

try {
	const node = await installPackages();
	await buildPages(node);
	const server = inCheckout('src', 'server.ts');
	process.exitCode = await runInForeground(node, [server, ...process.argv.slice(2)]);
} catch (error) {
	if (!(error instanceof PreparationError)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}

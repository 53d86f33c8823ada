/**
 * `npm run audit`: what is known against the packages of the lock file. Fails on a weakness of level high or above; a
 * registry that knows of none, or does not answer, does not fail it, and the last line says which.
 */
import { spawnSync } from 'node:child_process';
import { root } from './checkout.js';

const severities = ['critical', 'high', 'moderate', 'low'];

/** A registry that does not answer is not waited for. */
const impatient = ['--fetch-retries=0', '--fetch-timeout=20000'];
const { stdout } = spawnSync('npm', ['audit', '--json', ...impatient], {
	cwd: root,
	encoding: 'utf8',
});
const report = parsed(stdout);
if (report?.vulnerabilities === undefined) {
	console.log(`Audit: the registry could not be asked (${report?.message ?? 'no answer'}).`);
} else {
	const found = Object.values(report.vulnerabilities);
	for (const { name, severity, range, via } of found) {
		const titles = via.flatMap((cause) => (typeof cause === 'string' ? [] : [cause.title]));
		console.log(
			`${severity}: ${name} ${range}${titles.length > 0 ? `: ${titles.join('; ')}` : ''}`,
		);
	}
	const counts = severities.map(
		(severity) => `${found.filter((each) => each.severity === severity).length} ${severity}`,
	);
	console.log(`Audit: ${counts.join(', ')}.`);
	if (found.some(({ severity }) => severity === 'critical' || severity === 'high'))
		process.exitCode = 1;
}

/** @param {string} text */
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

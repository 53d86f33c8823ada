import { startFleet } from './fleet.ts';
import { OptionsError, readOptions } from './options.ts';
import { Report } from './report.ts';

const say = (line: string): void => {
	process.stdout.write(`simulator: ${line}\n`);
};

try {
	const options = await readOptions(process.argv.slice(2), process.env);
	const report = new Report(say);
	const fleet = await startFleet(options, (deviceId, trouble) =>
		report.trouble(trouble, deviceId, Date.now()),
	);
	const count = options.devices.length;
	say(
		`${count} ${count === 1 ? 'device reports' : 'devices report'} to ${options.mqttUrl} at ${options.speed}× speed`,
	);
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.once(signal, () => {
			void fleet.stop().then(() => say('stopped'));
		});
} catch (error) {
	if (!(error instanceof OptionsError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 2;
}

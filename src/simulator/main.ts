import { startFleet } from './fleet.ts';
import { OptionsError, readOptions } from './options.ts';
import { Report } from './report.ts';

const say = (line: string): void => {
	process.stdout.write(`simulator: ${line}\n`);
};

try {
	const options = await readOptions(process.argv.slice(2), process.env);
	const report = new Report(say);
	const starting = startFleet(options, (deviceId, trouble) =>
		report.trouble(trouble, deviceId, Date.now()),
	);
	let isEnding = false;
	const end = async (): Promise<void> => {
		if (isEnding) return;
		isEnding = true;
		await (await starting).stop();
		say('stopped');
		if (process.connected) process.disconnect();
	};
	process.on('SIGINT', end);
	process.on('SIGTERM', end);
	// The server that started the demo devices is gone.
	process.on('disconnect', end);
	if (process.connected === false) void end();
	await starting;
	const count = options.devices.length;
	say(
		`${count} ${count === 1 ? 'device reports' : 'devices report'} to ${options.mqttUrl} at ${options.speed}× speed`,
	);
} catch (error) {
	if (!(error instanceof OptionsError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 2;
}

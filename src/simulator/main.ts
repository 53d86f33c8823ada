import { type SimulatedFleet, startFleet } from './fleet.ts';
import { OptionsError, readOptions, type SimulatorOptions } from './options.ts';
import { devicesPerProcess, startProcesses } from './processes.ts';
import { Report } from './report.ts';

const args = process.argv.slice(2);
const say = (line: string): void => {
	process.stdout.write(`simulator: ${line}\n`);
};

try {
	const options = await readOptions(args, process.env);
	const count = options.devices.length;
	const isMany = count > devicesPerProcess;
	const starting = isMany ? startMany(options) : startHere(options);
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
	if (!isMany)
		say(
			`${count} ${count === 1 ? 'device reports' : 'devices report'} to ${options.mqttUrl} at ${options.speed}× speed`,
		);
} catch (error) {
	if (!(error instanceof OptionsError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 2;
}

function startHere(options: SimulatorOptions): Promise<SimulatedFleet> {
	const report = new Report(say);
	return startFleet(options, (deviceId, trouble) => report.trouble(trouble, deviceId, Date.now()));
}

async function startMany({ part }: SimulatorOptions): Promise<SimulatedFleet> {
	return startProcesses(args, part, (code) => {
		if (code !== 0) say(`one of the processes ended with ${code}`);
	});
}

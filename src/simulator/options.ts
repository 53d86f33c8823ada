import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { deviceIdPattern } from '#contract/device-topics.ts';
import { listDrives } from './drives.ts';

export const usage = `Usage: npm run simulate -- [options]

  --credentials <file>   devices to simulate: {"devices": [{"deviceId", "key", "replay"}]}
  --device <id>          one device instead, with its key from --key-file or the environment variable KEY
  --key-file <file>
  --drive <name>         what the one device replays (default T1_03_29_2021)
  --mqtt <url>           broker (default mqtt://127.0.0.1:1883)
  --speed <factor>       10 plays ten times as fast (default 1)`;

export interface SimulatorOptions {
	readonly mqttUrl: string;
	readonly speed: number;
	readonly drivesFolder: string;
	readonly devices: readonly {
		readonly deviceId: string;
		readonly key: string;
		readonly drive: string;
	}[];
}

/** The command line cannot be followed; the message says what to do. */
export class OptionsError extends Error {}

const deviceId = z.string().regex(deviceIdPattern, 'is not a Device ID');
const credentialsSchema = z.object({
	devices: z
		.array(z.object({ deviceId, key: z.string().min(1), replay: z.string() }))
		.min(1, 'names no device'),
});
const speedSchema = z.coerce.number().positive().max(1_000);
const mqttUrlSchema = z.url({ protocol: /^mqtts?$/ });

/** Reads the command line and the files it names. */
export async function readOptions(
	args: readonly string[],
	environment: NodeJS.ProcessEnv,
): Promise<SimulatorOptions> {
	const given = parseCommandLine(args);
	const drivesFolder = join(import.meta.dirname, '../../data/twizy-rsk');
	const speed = speedSchema.safeParse(given.speed);
	if (!speed.success)
		throw new OptionsError(`--speed must be a number from 0 to 1000, but it is "${given.speed}".`);
	const mqttUrl = mqttUrlSchema.safeParse(given.mqtt);
	if (!mqttUrl.success)
		throw new OptionsError(`--mqtt must be an mqtt:// address, but it is "${given.mqtt}".`);

	const devices =
		given.credentials !== undefined
			? await readCredentials(given.credentials)
			: [await oneDevice(given, environment)];
	const known = await listDrives(drivesFolder);
	for (const { drive } of devices)
		if (!known.includes(drive))
			throw new OptionsError(`There is no drive "${drive}". There are: ${known.join(', ')}.`);
	return { mqttUrl: mqttUrl.data, speed: speed.data, drivesFolder, devices };
}

function parseCommandLine(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				credentials: { type: 'string' },
				device: { type: 'string' },
				'key-file': { type: 'string' },
				drive: { type: 'string', default: 'T1_03_29_2021' },
				mqtt: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
				speed: { type: 'string', default: '1' },
			},
		}).values;
	} catch (error) {
		throw new OptionsError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
	}
}

async function readCredentials(file: string): Promise<SimulatorOptions['devices']> {
	let content: unknown;
	try {
		content = JSON.parse(await readFile(file, 'utf8'));
	} catch (error) {
		throw new OptionsError(
			`The credentials ${file} cannot be read: ${error instanceof Error ? error.message : error}`,
		);
	}
	const parsed = credentialsSchema.safeParse(content);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new OptionsError(
			`The credentials ${file} are not as expected: ${issue?.path.join('.')} ${issue?.message}`,
		);
	}
	return parsed.data.devices.map((device) => ({
		deviceId: device.deviceId,
		key: device.key,
		drive: device.replay,
	}));
}

async function oneDevice(
	given: ReturnType<typeof parseCommandLine>,
	environment: NodeJS.ProcessEnv,
): Promise<SimulatorOptions['devices'][number]> {
	if (given.device === undefined)
		throw new OptionsError(
			`Name the devices with --credentials, or one with --device.\n\n${usage}`,
		);
	const id = deviceId.safeParse(given.device);
	if (!id.success) throw new OptionsError(`"${given.device}" is not a Device ID.`);
	const keyFile = given['key-file'];
	const key = keyFile === undefined ? environment.KEY : (await readFile(keyFile, 'utf8')).trim();
	if (!key)
		throw new OptionsError(
			`The device ${id.data} needs its key: name a file with --key-file, or set KEY.`,
		);
	return { deviceId: id.data, key, drive: given.drive };
}

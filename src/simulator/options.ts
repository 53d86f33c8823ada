import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { credentialsSchema, deviceIdSchema, type PlayedDevice } from './credentials.ts';
import { listDrives } from './drives.ts';

export const usage = `Usage: npm run simulate -- [options]

  --credentials <file>   devices to simulate (docs/simulator.md says what stands in it)
  --devices <n>          only the first n of them; without --credentials, those of .data/load-devices.json
  --skip <n>             leaves out the first n of the file (default 0)
  --every <seconds>      modelled devices report at this interval, as in 5s; else as often as they would
  --device <id>          one device instead, with its key from --key-file or the environment variable KEY
  --key-file <file>
  --drive <name>         what the one device replays (default T1_03_29_2021)
  --mqtt <url>           broker (default mqtt://127.0.0.1:1883); over WebSocket ws://…/mqtt
  --speed <factor>       10 plays ten times as fast (default 1)`;

export interface SimulatorOptions {
	readonly mqttUrl: string;
	readonly speed: number;
	/** Interval at which modelled devices report; null: as often as they would. */
	readonly everyMs: number | null;
	readonly drivesFolder: string;
	/** The part of the file that was chosen, silent devices included. */
	readonly part: { readonly first: number; readonly count: number };
	/** With each device's place in its file. */
	readonly devices: readonly { readonly index: number; readonly device: PlayedDevice }[];
}

const loadCredentials = '.data/load-devices.json';

/** The command line cannot be followed; the message says what to do. */
export class OptionsError extends Error {}

const speedSchema = z.coerce.number().positive().max(1_000);
const mqttUrlSchema = z.url({ protocol: /^(mqtts?|wss?)$/ });
const countSchema = z.coerce.number().int().min(1).optional();
const skipSchema = z.coerce.number().int().min(0);
const everySchema = z
	.string()
	.regex(/^\d+(\.\d+)?s?$/)
	.transform((text) => Math.round(Number.parseFloat(text) * 1000))
	.pipe(z.number().min(100).max(86_400_000))
	.optional();

/** Reads the command line and the files it names. */
export async function readOptions(
	args: readonly string[],
	environment: NodeJS.ProcessEnv,
): Promise<SimulatorOptions> {
	const given = parseCommandLine(args);
	const drivesFolder = join(import.meta.dirname, '../../data/twizy-rsk');
	const speed = read(speedSchema, given.speed, '--speed must be a number from 0 to 1000');
	const mqttUrl = read(
		mqttUrlSchema,
		given.mqtt,
		'--mqtt must be an mqtt://, mqtts://, ws:// or wss:// address',
	);
	const count = read(countSchema, given.devices, '--devices must be a whole number from 1');
	const skipped = read(skipSchema, given.skip, '--skip must be a whole number');
	const everyMs = read(everySchema, given.every, '--every must be a time in seconds, as in 5s');

	const file = given.credentials ?? (count === undefined ? undefined : loadCredentials);
	const all = file === undefined ? [await oneDevice(given, environment)] : await readFileOf(file);
	if (count !== undefined && all.length < skipped + count)
		throw new OptionsError(
			`The credentials ${file} name ${all.length} devices, not ${skipped + count}. Make more with npm run demo:devices.`,
		);
	const chosen = all
		.map((device, index) => ({ index, device }))
		.slice(skipped, count === undefined ? undefined : skipped + count);
	const devices = chosen.filter(({ device }) => device.silent !== true);
	const known = await listDrives(drivesFolder);
	for (const { device } of devices)
		if ('replay' in device && !known.includes(device.replay))
			throw new OptionsError(
				`There is no drive "${device.replay}". There are: ${known.join(', ')}.`,
			);
	const part = { first: skipped, count: chosen.length };
	return { mqttUrl, speed, everyMs: everyMs ?? null, drivesFolder, part, devices };
}

function read<Schema extends z.ZodType>(
	schema: Schema,
	given: string | undefined,
	sentence: string,
): z.output<Schema> {
	const parsed = schema.safeParse(given);
	if (!parsed.success) throw new OptionsError(`${sentence}, but it is "${given}".`);
	return parsed.data;
}

function parseCommandLine(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				credentials: { type: 'string' },
				devices: { type: 'string' },
				skip: { type: 'string', default: '0' },
				every: { type: 'string' },
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

async function readFileOf(file: string): Promise<readonly PlayedDevice[]> {
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
	return parsed.data.devices;
}

async function oneDevice(
	given: ReturnType<typeof parseCommandLine>,
	environment: NodeJS.ProcessEnv,
): Promise<PlayedDevice> {
	if (given.device === undefined)
		throw new OptionsError(
			`Name the devices with --credentials, or one with --device.\n\n${usage}`,
		);
	const id = deviceIdSchema.safeParse(given.device);
	if (!id.success) throw new OptionsError(`"${given.device}" is not a Device ID.`);
	const keyFile = given['key-file'];
	const key = keyFile === undefined ? environment.KEY : (await readFile(keyFile, 'utf8')).trim();
	if (!key)
		throw new OptionsError(
			`The device ${id.data} needs its key: name a file with --key-file, or set KEY.`,
		);
	return { deviceId: id.data, key, replay: given.drive };
}

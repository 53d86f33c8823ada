import { setTimeout as delay } from 'node:timers/promises';
import { DeviceCommands } from './commands.ts';
import { type Cycle, planCycle } from './cycle.ts';
import { SimulatedDevice } from './device.ts';
import { readDrive } from './drives.ts';
import { engineDuty } from './engine-duty.ts';
import { lifeOf } from './life.ts';
import type { SimulatorOptions } from './options.ts';
import { shareOf } from './reading.ts';
import { Uplink } from './uplink.ts';

/** Two hours of one reading a second; less where many devices share the memory of one process. */
const outboxCapacity = 7_200;
const outboxCapacityOfAll = 1_000_000;
const closeGraceMs = 2_000;
/** Not all connect at once: 500 a second. */
const connectsAtOnce = 10;
const connectEveryMs = 20;
/** How long a device is silent while it restarts. */
const rebootMs = 4_000;

/** At its own pace a device says its first word within this time. */
const firstReadingWithinMs = 10_000;

export interface SimulatedFleet {
	/** Stops reporting, waits shortly for what is not acknowledged, and disconnects. */
	stop(): Promise<void>;
}

/** Starts every device of the options that is not silent; each lives its own life. */
export async function startFleet(
	options: SimulatorOptions,
	onTrouble: (deviceId: string, trouble: string) => void,
): Promise<SimulatedFleet> {
	const { devices, everyMs } = options;
	const cycles = await readCycles(options);
	const pace = everyMs === null ? null : { activeEveryMs: everyMs, restingEveryMs: everyMs };
	const capacity = Math.min(outboxCapacity, Math.ceil(outboxCapacityOfAll / devices.length));
	const startedAtMs = Date.now();
	const running = new Map<string, { uplink: Uplink; device: SimulatedDevice }>();
	const stopping = new AbortController();

	const begin = ({ device: played, index }: (typeof devices)[number]): void => {
		const { deviceId, key } = played;
		const life = lifeOf(played, index, cycles, startedAtMs);
		const commands = new DeviceCommands({
			deviceId,
			dutyOf: (name, value) => {
				if (name === 'reboot') return { work: () => reboot(deviceId, boot) };
				const device = running.get(deviceId)?.device;
				if (device === undefined || life.engine === null) return null;
				return engineDuty({ engine: life.engine, device, signal: stopping.signal }, name, value);
			},
			onTrouble: (trouble) => onTrouble(deviceId, trouble),
		});
		const uplink = new Uplink({
			mqttUrl: options.mqttUrl,
			deviceId,
			key,
			capacity,
			window: 10,
			backOff: { firstMs: 1_000, maxMs: 60_000 },
			onTrouble: (trouble) => onTrouble(deviceId, trouble),
			onConnected: (client) => commands.listen(client),
		});
		const boot = (startMs: number): void => {
			const device = new SimulatedDevice({
				life,
				pace,
				speed: options.speed,
				startMs,
				send: (message) => uplink.send(message),
				onCoverage: (isCovered) => uplink.setCoverage(isCovered),
			});
			running.set(deviceId, { uplink, device });
		};
		// Devices that report at the same intervals do not all report at once.
		boot(Date.now() + Math.round(shareOf(deviceId) * (everyMs ?? firstReadingWithinMs)));
	};

	const reboot = async (deviceId: string, boot: (startMs: number) => void): Promise<null> => {
		const before = running.get(deviceId);
		before?.device.stop();
		before?.uplink.setPower(false);
		await delay(rebootMs, undefined, { signal: stopping.signal });
		boot(Date.now());
		before?.uplink.setPower(true);
		return null;
	};

	let begun = 0;
	const beginSome = (): void => {
		for (const device of devices.slice(begun, begun + connectsAtOnce)) begin(device);
		begun += connectsAtOnce;
		if (begun >= devices.length) clearInterval(beginning);
	};
	const beginning = setInterval(beginSome, connectEveryMs);
	return {
		async stop() {
			clearInterval(beginning);
			stopping.abort();
			for (const { device } of running.values()) device.stop();
			await Promise.all([...running.values()].map(({ uplink }) => uplink.close(closeGraceMs)));
		},
	};
}

async function readCycles(options: SimulatorOptions): Promise<ReadonlyMap<string, Cycle>> {
	const cycles = new Map<string, Cycle>();
	for (const { device } of options.devices)
		if ('replay' in device && !cycles.has(device.replay))
			cycles.set(device.replay, planCycle(await readDrive(options.drivesFolder, device.replay)));
	return cycles;
}

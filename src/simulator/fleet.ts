import { type Cycle, planCycle, startOffsetMs } from './cycle.ts';
import { readDrive } from './drives.ts';
import type { SimulatorOptions } from './options.ts';
import { Uplink } from './uplink.ts';
import { Vehicle } from './vehicle.ts';

/** Two hours of one reading a second. */
const outboxCapacity = 7_200;
const closeGraceMs = 2_000;

export interface SimulatedFleet {
	/** Stops reporting, waits shortly for what is not acknowledged, and disconnects. */
	stop(): Promise<void>;
}

/** Starts every device of the options; each plays its drive at an offset of its own. */
export async function startFleet(
	options: SimulatorOptions,
	onTrouble: (deviceId: string, trouble: string) => void,
): Promise<SimulatedFleet> {
	const cycles = new Map<string, Cycle>();
	for (const { drive } of options.devices)
		if (!cycles.has(drive))
			cycles.set(drive, planCycle(await readDrive(options.drivesFolder, drive)));

	const running = options.devices.flatMap(({ deviceId, key, drive }, index) => {
		const cycle = cycles.get(drive);
		if (cycle === undefined) return [];
		const uplink = new Uplink({
			mqttUrl: options.mqttUrl,
			deviceId,
			key,
			capacity: outboxCapacity,
			window: 10,
			backOff: { firstMs: 1_000, maxMs: 60_000 },
			onTrouble: (trouble) => onTrouble(deviceId, trouble),
		});
		const vehicle = new Vehicle({
			deviceId,
			cycle,
			startOffsetMs: startOffsetMs(cycle, index),
			speed: options.speed,
			send: (message) => uplink.send(message),
		});
		return [{ uplink, vehicle }];
	});

	return {
		async stop() {
			for (const { vehicle } of running) vehicle.stop();
			await Promise.all(running.map(({ uplink }) => uplink.close(closeGraceMs)));
		},
	};
}

import { telemetryTopic } from '#contract/device-topics.ts';
import type { DeviceBus } from '#ingest/bus/port.ts';
import { telemetry } from '#ingest/message.ts';
import type { DemoDevice } from '#modules/setup/server/index.ts';
import { planCycle } from '#simulator/cycle.ts';
import { readDrive } from '#simulator/drives.ts';
import { type Life, lifeBeforeMs, lifeOf } from '#simulator/life.ts';
import { composeReading } from '#simulator/reading.ts';
import type { NotedReading, Transmission } from '#simulator/transmission.ts';

const minuteMs = 60_000;
/** Coarser than devices report, so that three days of a fleet are stored in seconds. */
const pastPace = { activeEveryMs: minuteMs, restingEveryMs: 15 * minuteMs };
/** From a device to its server. */
const transitMs = 240;
/** Devices whose past is on the road at the same time. */
const devicesAtOnce = 4;

/**
 * Sends what demo devices have said during the last days down the road, each message with its time of receipt then: what
 * is stored of their past cannot differ from what the road would have stored. Returns when all of it is committed.
 */
export async function recallHistory(
	bus: DeviceBus,
	devices: readonly DemoDevice[],
	drivesFolder: string,
	nowMs: number,
): Promise<void> {
	const cycles = await readCycles(devices, drivesFolder);
	const pending = devices.entries();
	const work = async (): Promise<void> => {
		for (const [index, { deviceNo, credential }] of pending) {
			const { deviceId, since } = credential;
			const life = lifeOf(credential, index, cycles, nowMs);
			await tell(bus, deviceNo, deviceId, life, Math.min(nowMs, Date.parse(since)));
		}
	};
	await Promise.all(Array.from({ length: devicesAtOnce }, work));
}

async function readCycles(devices: readonly DemoDevice[], drivesFolder: string) {
	const names = devices.flatMap(({ credential }) =>
		'replay' in credential ? [credential.replay] : [],
	);
	const cycles = names.map(
		async (name) => [name, planCycle(await readDrive(drivesFolder, name))] as const,
	);
	return new Map(await Promise.all(cycles));
}

/** Sends one device's past up to an instant and waits until it is stored. */
async function tell(
	bus: DeviceBus,
	deviceNo: number,
	deviceId: string,
	life: Life,
	untilMs: number,
): Promise<void> {
	const stored: Promise<void>[] = [];
	for (const { dueMs, messages } of upTo(life, untilMs))
		for (const readings of messages) {
			const { promise, resolve } = Promise.withResolvers<void>();
			const isTaken = bus.offer({
				deviceNo,
				content: telemetry,
				topic: telemetryTopic(deviceId),
				body: bodyOf(deviceId, readings),
				receivedAtMs: Math.round(dueMs) + transitMs,
				isAbandoned: () => false,
				acknowledge: resolve,
			});
			if (!isTaken) throw new Error('the road takes no more messages');
			stored.push(promise);
		}
	await Promise.all(stored);
}

function* upTo(life: Life, untilMs: number): Generator<Transmission> {
	const transmissions = life.transmissions(untilMs - lifeBeforeMs, pastPace);
	for (;;) {
		const transmission = transmissions.next().value;
		if (transmission.dueMs + transitMs > untilMs) return;
		yield transmission;
	}
}

function bodyOf(deviceId: string, readings: readonly NotedReading[]): Buffer {
	// The run of the device that ended when the fleet was set up.
	const boot = `past-${deviceId}`;
	const wire = readings.map(({ number, atMs, measured }) =>
		composeReading(measured, { boot, seq: number, atMs: Math.round(atMs) }),
	);
	return Buffer.from(JSON.stringify(wire.length === 1 ? wire[0] : wire));
}

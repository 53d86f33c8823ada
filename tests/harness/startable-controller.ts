import { type PlayedDevice, playedDeviceSchema } from '#simulator/credentials.ts';
import { lifeOf } from '#simulator/life.ts';

/** Longer than a test takes. */
const longEnoughMs = 20 * 60_000;

/** A simulated X Pro on the local network that stands by for a while, and starts if it is told to. */
export function startableController(who: {
	readonly deviceId: string;
	readonly key: string;
}): PlayedDevice {
	const since = new Date().toISOString();
	for (let seed = 0; seed < 1_000; seed++) {
		const device = { ...who, since, model: 'x_pro', network: 'wifi', seed };
		const played = playedDeviceSchema.parse(device);
		const nowMs = Date.now();
		const { engine } = lifeOf(played, 0, new Map(), nowMs);
		const standing = engine?.doing(nowMs);
		if (standing?.runState !== 'standby' || standing.untilMs < nowMs + longEnoughMs) continue;
		engine?.order('start', nowMs);
		const startedMs = engine?.doing(nowMs).untilMs ?? nowMs;
		if (engine?.doing(startedMs).runState === 'running') return played;
	}
	throw new Error('no controller stands by');
}

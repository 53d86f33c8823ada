import { setTimeout as delay } from 'node:timers/promises';
import type { Duty } from './commands.ts';
import type { SimulatedDevice } from './device.ts';
import type { EngineControl } from './life.ts';
import { engineOrders } from './models/engine-orders.ts';

export interface ObeyingEngine {
	readonly engine: EngineControl;
	readonly device: SimulatedDevice;
	/** Breaks off what takes its time. */
	readonly signal: AbortSignal;
}

/** What an engine controller makes of a command: it obeys at once and reports what it does from then on. */
export function engineDuty(obeying: ObeyingEngine, name: string, value: unknown): Duty | null {
	const { engine, device } = obeying;
	const atMs = device.lifeNowMs;
	const order = engineOrders.find((known) => known === name);
	if (order === undefined && name !== 'settings') return null;
	const refusal = order === undefined ? engine.change(value, atMs) : engine.order(order, atMs);
	if (refusal !== null) return { refusal };
	return {
		async work() {
			device.liveOn();
			return order === 'start' ? await started(obeying, atMs) : null;
		},
	};
}

/** Waits until the engine has started or not. @returns why it has not, or null */
async function started(
	{ engine, device, signal }: ObeyingEngine,
	atMs: number,
): Promise<string | null> {
	const { untilMs } = engine.doing(atMs);
	await delay(device.wallLengthMs(untilMs - atMs), undefined, { signal });
	return engine.doing(untilMs).runState === 'running' ? null : 'The engine did not start.';
}

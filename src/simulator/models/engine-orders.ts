import type { SettingValues } from '#contract/device-settings.ts';
import type { EngineModel, EnginePhase, EngineState, RunState } from './engine.ts';

/** What an engine controller can be told to do. */
export const engineOrders = ['start', 'stop', 'return_to_standby', 'reset_fault'] as const;
export type EngineOrder = (typeof engineOrders)[number];

/** An order that a controller obeyed, or settings that it took over; when, epoch milliseconds. */
export type Obeyed = { readonly atMs: number } & (
	| { readonly order: EngineOrder }
	| { readonly settings: SettingValues }
);

const turning: readonly RunState[] = ['starting', 'running', 'cooling'];

/** Why a controller in this run state does not do what it is told; null when it does. */
export function refusalOf(order: EngineOrder, runState: RunState): string | null {
	switch (order) {
		case 'start':
			if (runState === 'fault') return 'It has a fault.';
			return turning.includes(runState) ? 'The engine turns already.' : null;
		case 'stop':
			return turning.includes(runState) ? null : 'The engine does not run.';
		case 'return_to_standby':
			if (runState === 'fault') return 'It has a fault.';
			return runState === 'standby' ? 'It stands by already.' : null;
		case 'reset_fault':
			return runState === 'fault' ? null : 'There is no fault.';
	}
}

/** The state in which a controller goes on once it obeys. */
function obeying(order: EngineOrder, runState: RunState, state: EngineState): EngineState {
	switch (order) {
		case 'start':
			return { ...state, next: 'starting', told: null };
		case 'stop':
			return { ...state, next: 'stopped', told: 'stop' };
		case 'return_to_standby': {
			const hasRun = runState === 'running' || runState === 'cooling';
			return { ...state, next: hasRun ? 'cooling' : 'standby', told: 'standby' };
		}
		case 'reset_fault':
			return { ...state, next: 'stopped', told: 'stop' };
	}
}

/** What a controller is set to at an instant. */
export function settingsAt(
	first: SettingValues,
	obeyed: readonly Obeyed[],
	atMs: number,
): SettingValues {
	const settings: SettingValues = { ...first };
	for (const each of obeyed)
		if ('settings' in each && each.atMs <= atMs) Object.assign(settings, each.settings);
	return settings;
}

/**
 * Follows an engine from phase to phase, through what it was told. @param obeyed in the order in which it was told;
 * what is added later must not lie before an instant that was asked for. @returns finds the phase of an instant;
 * instants must not fall
 */
export function followOrders(
	model: EngineModel,
	state: EngineState,
	startMs: number,
	first: SettingValues,
	obeyed: readonly Obeyed[],
): (atMs: number) => EnginePhase {
	const plan = (begin: EngineState, atMs: number) =>
		model(begin, atMs, settingsAt(first, obeyed, atMs));
	let phase = plan(state, startMs);
	let passed = 0;
	return (atMs) => {
		for (;;) {
			const next = obeyed[passed];
			if (next !== undefined && next.atMs < phase.endMs) {
				if (atMs < next.atMs) return { ...phase, endMs: next.atMs };
				passed += 1;
				const broken = phase.stateAt(next.atMs);
				if ('order' in next) phase = plan(obeying(next.order, phase.runState, broken), next.atMs);
				// How long it stands by depends on its settings.
				else if (phase.runState === 'standby')
					phase = plan({ ...broken, next: 'standby' }, next.atMs);
			} else if (atMs < phase.endMs) return phase;
			else phase = plan(phase.end, phase.endMs);
		}
	};
}

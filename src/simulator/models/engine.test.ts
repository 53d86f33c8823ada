import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impossibleFields } from '../../../tests/harness/possible-values.ts';
import type { Measured } from '../reading.ts';
import { type EngineName, engineModel, engineModels, newEngine } from './engine.ts';
import { followOrders } from './engine-orders.ts';

const bornMs = Date.UTC(2026, 0, 5);
const names = Object.keys(engineModels) as EngineName[];
const lives = fc.record({
	name: fc.constantFrom(...names),
	seed: fc.integer({ min: 0, max: 0xffff_ffff }),
	everySeconds: fc.integer({ min: 5, max: 600 }),
});

interface Seen {
	readonly atMs: number;
	readonly measured: Measured;
}

/** 300 looks, among them one at the end of every phase. */
function watch({
	name,
	seed,
	everySeconds,
}: {
	name: EngineName;
	seed: number;
	everySeconds: number;
}) {
	const spec = engineModels[name];
	const model = engineModel(spec);
	const phaseAt = followOrders(model, newEngine(seed, spec), bornMs, spec.settings, []);
	const seen: Seen[] = [];
	let atMs = bornMs;
	while (seen.length < 300) {
		const phase = phaseAt(atMs);
		seen.push({ atMs, measured: phase.measuredAt(atMs) });
		atMs = Math.min(atMs + everySeconds * 1000, phase.endMs);
	}
	return seen;
}

function pairs(seen: readonly Seen[]): [Seen, Seen][] {
	return seen.slice(1).map((after, index) => [seen[index] ?? after, after]);
}

const number = (value: number | undefined) => value ?? Number.NaN;
const followers: Record<string, readonly string[]> = {
	stopped: ['stopped', 'standby'],
	standby: ['standby', 'starting'],
	starting: ['starting', 'running', 'fault'],
	fault: ['fault', 'standby'],
	running: ['running', 'cooling'],
	cooling: ['cooling', 'standby', 'stopped'],
};

describe('a modelled engine controller', () => {
	it('goes from state to state in the order of an engine', () => {
		fc.assert(
			fc.property(lives, (life) => {
				for (const [before, after] of pairs(watch(life)))
					expect(followers[before.measured.run_state ?? '']).toContain(after.measured.run_state);
			}),
		);
	});

	it('counts hours and energy up, and only while the engine turns', () => {
		fc.assert(
			fc.property(lives, (life) => {
				for (const [{ atMs, measured: before }, { atMs: laterMs, measured: after }] of pairs(
					watch(life),
				)) {
					const passedHours = (laterMs - atMs) / 3_600_000;
					const hours = number(after.total_hours) - number(before.total_hours);
					const turns = before.run_state === 'running' || before.run_state === 'cooling';
					expect(Math.abs(hours - (turns ? passedHours : 0))).toBeLessThan(0.0002);
					expect(hours).toBeGreaterThanOrEqual(0);
					expect(number(after.last_runtime_hours)).toBeLessThanOrEqual(number(after.total_hours));
					if (before.total_kwh === undefined) continue;
					const kwh = number(after.total_kwh) - before.total_kwh;
					expect(kwh).toBeGreaterThanOrEqual(0);
					if (before.run_state !== 'running') expect(kwh).toBe(0);
				}
			}),
		);
	});

	it('charges only when running, warms up and cools down gradually', () => {
		fc.assert(
			fc.property(lives, (life) => {
				const { engineHotC } = engineModels[life.name];
				for (const [{ atMs, measured: before }, { atMs: laterMs, measured: after }] of pairs(
					watch(life),
				)) {
					const [wasC, isC] = [temperatureC(before), temperatureC(after)];
					const inertia = 1 - Math.exp(-(laterMs - atMs) / (9 * 60_000));
					expect(Math.abs(isC - wasC)).toBeLessThanOrEqual((engineHotC + 20) * inertia + 0.2);
					if (before.run_state === 'standby' || before.run_state === 'stopped') {
						expect(before.run_signal).toBe(0);
						expect(number(after.battery_v)).toBeLessThanOrEqual(number(before.battery_v) + 0.01);
						expect(before.oil_pressure_bar ?? 0).toBe(0);
					}
					if (before.run_state !== 'running') expect(before.charge_current_a ?? 0).toBe(0);
				}
			}),
		);
	});

	it('keeps its battery between the voltages of its controller and says only possible values', () => {
		fc.assert(
			fc.property(lives, (life) => {
				const spec = engineModels[life.name];
				for (const { measured } of watch(life)) {
					const lowestV =
						spec.lowStartV - (measured.run_state === 'starting' ? 0.15 : 0.01) * spec.nominalV;
					expect(measured.battery_v).toBeGreaterThan(lowestV);
					expect(measured.battery_v).toBeLessThanOrEqual(spec.absorbV);
					expect(impossibleFields(measured)).toEqual([]);
				}
			}),
		);
	});

	it('measures what its family measures', () => {
		const fieldsOf = (name: EngineName) =>
			Object.keys(watch({ name, seed: 3, everySeconds: 60 })[0]?.measured ?? {}).sort();
		expect(fieldsOf('x_pro')).toEqual([
			'battery_v',
			'last_runtime_hours',
			'run_signal',
			'run_state',
			'temperature_c',
			'total_hours',
		]);
		for (const name of ['unified', 'ultra'] as const)
			expect(fieldsOf(name)).toEqual([
				'alternator_temp_c',
				'battery_v',
				'charge_current_a',
				'engine_temp_c',
				'last_kwh',
				'last_runtime_hours',
				'oil_pressure_bar',
				'run_signal',
				'run_state',
				'total_hours',
				'total_kwh',
			]);
	});
});

function temperatureC(measured: Measured): number {
	return number(measured.engine_temp_c ?? measured.temperature_c);
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { impossibleFields } from '../../../tests/harness/possible-values.ts';
import { type EngineName, engineModel, engineModels, newEngine, type RunState } from './engine.ts';
import { engineOrders, followOrders, type Obeyed, refusalOf, settingsAt } from './engine-orders.ts';

const bornMs = Date.UTC(2026, 0, 5);
const names = Object.keys(engineModels) as EngineName[];
const lives = fc.record({
	name: fc.constantFrom(...names),
	seed: fc.nat(0xffff_ffff),
	told: fc.array(
		fc.record({
			afterMs: fc.integer({ min: 1, max: 3 * 3_600_000 }),
			what: fc.oneof(
				fc.constantFrom(...engineOrders).map((order) => ({ order })),
				fc.integer({ min: -5, max: 5 }).map((tenths) => ({ tenths })),
			),
		}),
		{ maxLength: 12 },
	),
});

/** Tells a controller all this at its times, as far as it obeys. */
function tell({ name, seed, told }: { name: EngineName; seed: number; told: readonly Told[] }) {
	const spec = engineModels[name];
	const obeyed: Obeyed[] = [];
	const follow = () =>
		followOrders(engineModel(spec), newEngine(seed, spec), bornMs, spec.settings, obeyed);
	const seen: {
		readonly before: RunState;
		readonly what: Told['what'];
		readonly after: RunState;
	}[] = [];
	let atMs = bornMs;
	for (const { afterMs, what } of told) {
		atMs += afterMs;
		const before = follow()(atMs).runState;
		if ('tenths' in what)
			obeyed.push({ atMs, settings: { low_battery_start_v: spec.lowStartV + what.tenths / 10 } });
		else if (refusalOf(what.order, before) === null) obeyed.push({ atMs, order: what.order });
		else continue;
		seen.push({ before, what, after: follow()(atMs).runState });
	}
	return { spec, obeyed, follow, seen, endMs: atMs };
}
interface Told {
	readonly afterMs: number;
	readonly what: { readonly order: (typeof engineOrders)[number] } | { readonly tenths: number };
}

it('does what it obeys, and settings do not disturb what it does', () => {
	fc.assert(
		fc.property(lives, (life) => {
			for (const { before, what, after } of tell(life).seen) {
				if ('tenths' in what) expect(after).toBe(before);
				else if (what.order === 'start') expect(after).toBe('starting');
				else if (what.order === 'return_to_standby')
					expect(after).toBe(before === 'running' || before === 'cooling' ? 'cooling' : 'standby');
				else expect(after).toBe('stopped');
			}
		}),
	);
});

it('counts hours and energy up whatever it is told, says possible values, and is told the same again', () => {
	fc.assert(
		fc.property(lives, (life) => {
			const { follow, endMs } = tell(life);
			const [phaseAt, again] = [follow(), follow()];
			let before = { total_hours: 0, total_kwh: 0 };
			for (let atMs = bornMs; atMs <= endMs + 3_600_000; atMs += 97_000) {
				const measured = phaseAt(atMs).measuredAt(atMs);
				expect(again(atMs).measuredAt(atMs)).toEqual(measured);
				expect(impossibleFields(measured)).toEqual([]);
				const { total_hours = 0, total_kwh = 0 } = measured;
				expect(total_hours).toBeGreaterThanOrEqual(before.total_hours);
				expect(total_kwh).toBeGreaterThanOrEqual(before.total_kwh);
				before = { total_hours, total_kwh };
			}
		}),
		{ numRuns: 40 },
	);
});

it('stays stopped when it was told so, until it is told something else', () => {
	fc.assert(
		fc.property(lives, fc.nat(48 * 3_600_000), (life, laterMs) => {
			const { follow, seen, endMs } = tell(life);
			const last = seen.findLast(({ what }) => 'order' in what)?.what;
			if (last === undefined || !('order' in last) || last.order !== 'stop') return;
			expect(follow()(endMs + laterMs).runState).toBe('stopped');
		}),
	);
});

it('starts by itself at the voltage that it is set to', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...names),
			fc.nat(0xffff_ffff),
			fc.integer({ min: -5, max: 5 }),
			(name, seed, tenths) => {
				const spec = engineModels[name];
				const setV = spec.lowStartV + tenths / 10;
				const obeyed = [{ atMs: bornMs + 1, settings: { low_battery_start_v: setV } }];
				const first = newEngine(seed, spec);
				const phaseAt = followOrders(engineModel(spec), first, bornMs, spec.settings, obeyed);
				let beginMs = bornMs + 1;
				let standby = phaseAt(beginMs);
				while (standby.runState !== 'standby') {
					beginMs = standby.endMs;
					standby = phaseAt(beginMs);
				}
				expect(phaseAt(standby.endMs).runState).toBe('starting');
				// A battery that is below already when the controller begins to wait is not drained down to it.
				const waitsAtV = standby.stateAt(beginMs).batteryV;
				expect(standby.end.batteryV).toBeCloseTo(Math.min(waitsAtV, setV), 9);
				expect(settingsAt(spec.settings, obeyed, bornMs).low_battery_start_v).toBe(spec.lowStartV);
			},
		),
	);
});

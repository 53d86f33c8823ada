import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mercatorSteps, mercatorX, mercatorY } from '#contract/mercator.ts';
import {
	createChanges,
	createSnapshot,
	goneStatus,
	writeRecord,
} from '#contract/position-record.ts';
import { boundsOf } from './bounds.ts';
import { clusterRadiusPx, eastward, mergeTouching } from './clusters.ts';
import { FleetStore, type FleetView, type ViewRequest } from './fleet-store.ts';

interface Device {
	readonly x: number;
	readonly y: number;
	readonly status: number;
}

const allStatuses = 0b111111;
const asTheyAre = [0, 1, 2, 3, 4, 5];
const world: ViewRequest = {
	centerX: mercatorSteps / 2,
	centerY: mercatorSteps / 2,
	widthPx: 1440,
	heightPx: 1440,
	zoom: Math.log2(1440 / 512),
	mask: allStatuses,
	shownAs: asTheyAre,
	selectedNo: null,
};

const step = fc.integer({ min: 0, max: mercatorSteps - 1 });
const device = fc.oneof(
	fc.record({ x: step, y: step, status: fc.integer({ min: 0, max: 5 }) }),
	// Side by side on both sides of the antimeridian, and without a position.
	fc.record({
		x: fc.constantFrom(0, 5, mercatorSteps - 1, mercatorSteps - 9),
		y: fc.integer({ min: 2 ** 31, max: 2 ** 31 + 50 }),
		status: fc.integer({ min: 0, max: 5 }),
	}),
	fc.record({ x: fc.constant(0), y: fc.constant(0), status: fc.integer({ min: 0, max: 5 }) }),
);
const fleets = fc.array(device, { maxLength: 120 });

function storeOf(devices: readonly Device[]): FleetStore {
	const snapshot = createSnapshot(devices.length, 0);
	for (const [place, each] of devices.entries()) {
		writeRecord(snapshot.words, snapshot.bytes, place * 3, recordOf(each));
		snapshot.deviceNos[place] = place + 1;
	}
	const store = new FleetStore();
	store.load(snapshot);
	return store;
}

function recordOf({ x, y, status }: Device) {
	return { mercatorX: x, mercatorY: y, status, heading: 0, socPct: 50, speedKmh: 20 };
}

function change(store: FleetStore, changes: readonly (Device & { deviceNo: number })[]): void {
	const { words, bytes, asOfMs } = createChanges(changes.length, 1);
	for (const [place, each] of changes.entries()) {
		words[place * 4] = each.deviceNo;
		writeRecord(words, bytes, place * 4 + 1, recordOf(each));
	}
	store.apply({ words, bytes, asOfMs });
}

/** Everything a view draws. */
function drawn({ clusters, pointNos }: FleetView): number {
	return clusters.reduce((sum, cluster) => sum + cluster.total, pointNos.length);
}

function total(counts: Readonly<Uint32Array>): number {
	return counts.reduce((sum, count) => sum + count, 0);
}

describe('a view', () => {
	test('counts every device once, whatever is shown and wherever one looks', () => {
		fc.assert(
			fc.property(
				fleets,
				fc.integer({ min: 0, max: allStatuses }),
				step,
				step,
				fc.double({ min: 1, max: 18, noNaN: true }),
				(devices, mask, centerX, centerY, zoom) => {
					const { counts } = storeOf(devices).view({ ...world, mask, centerX, centerY, zoom });
					expect(total(counts)).toBe(devices.length);
					for (const status of asTheyAre)
						expect(counts[status]).toBe(devices.filter((each) => each.status === status).length);
				},
			),
		);
	});

	test('of the whole world loses nobody, wherever its middle is', () => {
		fc.assert(
			fc.property(
				fleets,
				fc.integer({ min: 0, max: allStatuses }),
				step,
				(devices, mask, centerX) => {
					const shown = devices.filter((each) => ((mask >> each.status) & 1) === 1);
					const view = storeOf(devices).view({ ...world, mask, centerX });
					expect(drawn(view) + view.withoutPosition).toBe(shown.length);
					for (const cluster of view.clusters) expect(total(cluster.counts)).toBe(cluster.total);
				},
			),
		);
	});

	test('draws everybody near its middle, also across the antimeridian', () => {
		const offset = fc.integer({ min: -200_000, max: 200_000 });
		fc.assert(
			fc.property(
				fc.array(fc.tuple(offset, offset), { minLength: 1, maxLength: 60 }),
				fc.constantFrom(0, mercatorSteps - 1, mercatorSteps / 3),
				fc.double({ min: 2, max: 13, noNaN: true }),
				(offsets, centerX, zoom) => {
					const centerY = mercatorSteps / 2;
					const devices = offsets.map(([dx, dy]) => ({
						x: (centerX + dx + mercatorSteps) % mercatorSteps,
						y: centerY + dy,
						status: 0,
					}));
					const view = storeOf(devices).view({ ...world, centerX, centerY, zoom });
					expect(drawn(view)).toBe(devices.length);
				},
			),
		);
	});

	test('shows each device close by as itself, in the class it is read as', () => {
		const store = storeOf([{ x: 1_000, y: mercatorSteps / 2, status: 4 }]);
		const close = { ...world, centerX: 0, zoom: 16, shownAs: [0, 0, 0, 0, 5, 5] };
		const { points, pointNos, clusters, counts } = store.view(close);
		expect([...pointNos]).toEqual([1]);
		expect(new Uint8Array(points.buffer)[8]).toBe(5);
		expect(clusters).toEqual([]);
		expect(counts[4]).toBe(1);
	});

	test('follows a device that moves, and keeps the chosen one in sight of the page', () => {
		const store = storeOf([{ x: 1_000, y: 2 ** 31, status: 0 }]);
		change(store, [{ deviceNo: 1, x: 5_000, y: 2 ** 31, status: 1 }]);
		const { selected, counts } = store.view({ ...world, selectedNo: 1, mask: 0 });
		expect(selected?.[0]).toBe(5_000);
		expect([...counts]).toEqual([0, 1, 0, 0, 0, 0]);
	});
});

test('changes make the same fleet as a snapshot after them', () => {
	const changes = fc.array(
		fc.record({
			deviceNo: fc.integer({ min: 1, max: 60 }),
			x: fc.integer({ min: 1, max: mercatorSteps - 1 }),
			y: step,
			status: fc.constantFrom(...asTheyAre, goneStatus),
		}),
		{ maxLength: 80 },
	);
	fc.assert(
		fc.property(fc.array(device, { maxLength: 30 }), changes, (devices, changed) => {
			const store = storeOf(devices);
			change(store, changed);
			const expected = new Map(devices.map((each, place) => [place + 1, each]));
			for (const each of changed) expected.set(each.deviceNo, each);
			const left = [...expected.values()].filter((each) => each.status !== goneStatus);
			const view = store.view(world);
			expect(total(view.counts)).toBe(left.length);
			expect(drawn(view) + view.withoutPosition).toBe(left.length);
		}),
	);
});

describe('bubbles', () => {
	const cluster = fc
		.record({
			x: step,
			y: step,
			counts: fc.array(fc.nat({ max: 500 }), { minLength: 6, maxLength: 6 }),
		})
		.map(({ x, y, counts }) => ({
			x,
			y,
			counts: Uint32Array.from(counts),
			total: counts.reduce((sum, count) => sum + count, 0),
		}));

	test('that touch become one, and none touch after that', () => {
		fc.assert(
			fc.property(
				fc.array(cluster, { maxLength: 30 }),
				fc.constantFrom(2 ** 18, 2 ** 22, 2 ** 24),
				(clusters, stepsPerPx) => {
					const merged = mergeTouching(clusters, stepsPerPx);
					const sum = (all: readonly { readonly total: number }[]) =>
						all.reduce((add, each) => add + each.total, 0);
					expect(sum(merged)).toBe(sum(clusters));
					for (const [place, one] of merged.entries())
						for (const other of merged.slice(place + 1)) {
							const apart = Math.hypot(eastward(one.x, other.x), other.y - one.y) / stepsPerPx;
							expect(apart).toBeGreaterThanOrEqual(
								clusterRadiusPx(one.total) + clusterRadiusPx(other.total),
							);
						}
				},
			),
		);
	});
});

test('the box around a fleet is the smaller way round the world', () => {
	const places = [
		[-17.7, 178],
		[-13.8, -172],
		[-21.1, -175.2],
	] as const;
	const store = storeOf(
		places.map(([lat, lon]) => ({ x: mercatorX(lon), y: mercatorY(lat), status: 0 })),
	);
	const bounds = store.bounds();
	expect(bounds?.west).toBe(mercatorX(178));
	expect(((bounds?.width ?? 0) / mercatorSteps) * 360).toBeCloseTo(10, 3);
	expect(boundsOf(new Uint32Array(0), new Uint8Array(0), 0)).toBeNull();
});

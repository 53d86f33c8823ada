import type { Measured } from '../reading.ts';
import { Draws } from './draws.ts';
import type { Model, Phase } from './phase.ts';
import { round } from './round.ts';
import { anyPlace, type Place, planRoute, positionOf, type Town } from './street-route.ts';

/** What a type of electric two- or three-wheeler can do. */
export interface ElectricSpec {
	/** Distance on a full battery. */
	readonly fullRangeKm: number;
	readonly nominalV: number;
	/** From empty to full, without the slow end. */
	readonly chargeHours: number;
	readonly cruiseKmh: readonly [slowest: number, fastest: number];
}

export const electricModels = {
	scooter_48v: { fullRangeKm: 78, nominalV: 48, chargeHours: 3.5, cruiseKmh: [20, 42] },
	scooter_60v: { fullRangeKm: 96, nominalV: 60, chargeHours: 4, cruiseKmh: [24, 52] },
	cargo_51v: { fullRangeKm: 118, nominalV: 51.2, chargeHours: 4.5, cruiseKmh: [16, 38] },
} as const satisfies Record<string, ElectricSpec>;
export type ElectricModel = keyof typeof electricModels;

/** Where a vehicle works, and when: a shift of the day by the sun's time. */
export interface Work {
	readonly town: Town;
	/** Hour of the day, from 0 to below 24. */
	readonly shiftStartHour: number;
	readonly shiftHours: number;
}

export interface ElectricState {
	readonly seed: number;
	readonly place: Place;
	readonly socPct: number;
	readonly odometerKm: number;
	/** It came to rest and has not yet rested. */
	readonly hasArrived: boolean;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Below this a vehicle goes to the charger rather than to the next customer. */
const chargeBelowPct = 25;
/** Out of its shift a vehicle is charged unless it has this much. */
const enoughForNightPct = 85;
/** Above this a battery charges at half the rate. */
const slowAbovePct = 80;

/** A vehicle as it stands somewhere in its town with some of its life behind it. */
export function newElectric(seed: number, town: Town): ElectricState {
	const draws = new Draws(seed);
	return {
		place: anyPlace(town, draws),
		socPct: draws.between(35, 95),
		odometerKm: draws.between(900, 24_000),
		hasArrived: false,
		seed: draws.seed(),
	};
}

/** The life of an electric vehicle: rides and rests through its shift, charging when low and for the night. */
export function electricModel(spec: ElectricSpec, work: Work): Model<ElectricState> {
	return (state, startMs) => {
		const draws = new Draws(state.seed);
		if (state.hasArrived && state.socPct >= chargeBelowPct)
			return rest(state, startMs, draws.between(1.5, 9) * 60_000, spec, work, draws);
		if (state.socPct < chargeBelowPct)
			return charge(state, startMs, draws.between(90, 99), spec, work, draws);
		const untilShiftMs = untilShift(work, startMs);
		if (untilShiftMs === 0) return ride(state, startMs, spec, work, draws);
		if (state.socPct < enoughForNightPct) return charge(state, startMs, 100, spec, work, draws);
		return rest(state, startMs, untilShiftMs, spec, work, draws);
	};
}

/** Milliseconds until the shift begins; 0 during the shift. */
function untilShift({ town, shiftStartHour, shiftHours }: Work, atMs: number): number {
	const solarMs = atMs + (town.lon / 15) * hourMs;
	const sinceStartMs = (((solarMs - shiftStartHour * hourMs) % dayMs) + dayMs) % dayMs;
	return sinceStartMs < shiftHours * hourMs ? 0 : Math.ceil(dayMs - sinceStartMs);
}

function ride(
	state: ElectricState,
	startMs: number,
	spec: ElectricSpec,
	{ town }: Work,
	draws: Draws,
): Phase<ElectricState> {
	const { socPct, odometerKm } = state;
	const longestM = 0.7 * rangeKm(socPct, spec) * 1000;
	const driving = { cruiseKmh: spec.cruiseKmh, longestM };
	const route = planRoute(state.place, anyPlace(town, draws), town, driving, draws);
	const socAfter = (distanceM: number) => socPct - (distanceM / 1000 / spec.fullRangeKm) * 100;
	return {
		endMs: startMs + route.durationMs,
		isActive: true,
		end: {
			place: route.end,
			socPct: socAfter(route.distanceM),
			odometerKm: odometerKm + route.distanceM / 1000,
			hasArrived: true,
			seed: draws.seed(),
		},
		measuredAt(atMs) {
			const { place, headingDeg, speedKmh, distanceM } = route.at(atMs - startMs);
			const loadV = -0.0007 * speedKmh * spec.nominalV;
			return {
				...positionOf(town, place),
				heading_deg: headingDeg,
				speed_kmh: round(speedKmh, 1),
				...energy(socAfter(distanceM), loadV, spec),
				odometer_km: round(odometerKm + distanceM / 1000, 3),
				ignition: true,
				charging: false,
			};
		},
	};
}

function rest(
	state: ElectricState,
	startMs: number,
	durationMs: number,
	spec: ElectricSpec,
	{ town }: Work,
	draws: Draws,
): Phase<ElectricState> {
	const measured: Measured = { ...standing(state, town), ...energy(state.socPct, 0, spec) };
	return {
		endMs: startMs + Math.ceil(durationMs),
		isActive: false,
		end: { ...state, hasArrived: false, seed: draws.seed() },
		measuredAt: () => ({ ...measured }),
	};
}

function charge(
	state: ElectricState,
	startMs: number,
	toPct: number,
	spec: ElectricSpec,
	{ town }: Work,
	draws: Draws,
): Phase<ElectricState> {
	const fromPct = state.socPct;
	const pctPerHour = 100 / spec.chargeHours;
	const fastHours = Math.max(0, slowAbovePct - fromPct) / pctPerHour;
	const slowFromPct = Math.max(fromPct, slowAbovePct);
	const slowHours = Math.max(0, toPct - slowFromPct) / (pctPerHour / 2);
	const socAt = (hours: number) =>
		hours < fastHours
			? fromPct + pctPerHour * hours
			: Math.min(toPct, slowFromPct + (pctPerHour / 2) * (hours - fastHours));
	return {
		endMs: startMs + Math.ceil((fastHours + slowHours) * hourMs),
		isActive: false,
		end: { ...state, socPct: toPct, hasArrived: false, seed: draws.seed() },
		measuredAt: (atMs) => ({
			...standing(state, town),
			...energy(socAt((atMs - startMs) / hourMs), 0.045 * spec.nominalV, spec),
			charging: true,
		}),
	};
}

function standing({ place, odometerKm }: ElectricState, town: Town): Measured {
	return {
		...positionOf(town, place),
		speed_kmh: 0,
		odometer_km: round(odometerKm, 3),
		ignition: false,
		charging: false,
	};
}

function energy(socPct: number, loadV: number, spec: ElectricSpec): Measured {
	return {
		soc_pct: round(socPct, 1),
		range_km: round(rangeKm(socPct, spec), 1),
		battery_v: round(restingV(socPct, spec) + loadV, 1),
	};
}

function rangeKm(socPct: number, spec: ElectricSpec): number {
	return (socPct / 100) * spec.fullRangeKm;
}

/** Lithium iron phosphate: almost level from 20 to 90 %, falling steeply below. */
function restingV(socPct: number, { nominalV }: ElectricSpec): number {
	const steepPct = Math.max(0, 20 - socPct);
	return nominalV * (1.005 + 0.0005 * socPct - 0.006 * steepPct);
}

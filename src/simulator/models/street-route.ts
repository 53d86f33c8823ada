import type { Draws } from './draws.ts';
import { round } from './round.ts';

/** The part of a town in which a vehicle works. */
export interface Town {
	readonly lat: number;
	readonly lon: number;
	/** The vehicle stays within this distance of the centre. */
	readonly reachKm: number;
}

/** A place in metres from the town's centre, along and across its streets. */
export interface Place {
	readonly alongM: number;
	readonly acrossM: number;
}

export interface RoutePoint {
	readonly place: Place;
	/** Degrees clockwise from north. */
	readonly headingDeg: number;
	readonly speedKmh: number;
	readonly distanceM: number;
}

export interface Route {
	readonly durationMs: number;
	readonly distanceM: number;
	readonly end: Place;
	/** @param offsetMs time since the start of the route */
	at(offsetMs: number): RoutePoint;
}

/** One street from crossing to crossing: speeding up, cruising, braking to a halt, perhaps waiting at a light. */
interface Leg {
	readonly startS: number;
	readonly endS: number;
	readonly startM: number;
	readonly lengthM: number;
	readonly from: Place;
	readonly direction: Place;
	readonly speedMs: number;
	readonly acceleratingS: number;
	readonly cruisingS: number;
	readonly brakingS: number;
}

const accelerationMs2 = 1.1;
const brakingMs2 = 1.6;
const metresPerDegree = 111_320;
const blockM = 80;

/** How far the streets of a town are turned from north, so that towns do not look alike. */
function streetsDeg(town: Town): number {
	return (Math.abs(town.lat * 37 + town.lon * 59) % 60) - 30;
}

/** A crossing within reach of the town's centre. */
export function anyPlace(town: Town, draws: Draws): Place {
	const halfSideM = (town.reachKm * 1000) / Math.SQRT2;
	const crossing = () => Math.round(draws.between(-halfSideM, halfSideM) / blockM) * blockM;
	return { alongM: crossing(), acrossM: crossing() };
}

/** WGS 84 degrees of a place, to a tenth of a metre. */
export function positionOf(town: Town, place: Place): { lat: number; lon: number } {
	const turn = (streetsDeg(town) * Math.PI) / 180;
	const northM = place.alongM * Math.cos(turn) - place.acrossM * Math.sin(turn);
	const eastM = place.alongM * Math.sin(turn) + place.acrossM * Math.cos(turn);
	const lat = town.lat + northM / metresPerDegree;
	const lon = town.lon + eastM / (metresPerDegree * Math.cos((town.lat * Math.PI) / 180));
	return { lat: round(lat, 6), lon: round(lon, 6) };
}

export interface Driving {
	readonly cruiseKmh: readonly [slowest: number, fastest: number];
	/** The ride ends early where it would become longer than this. */
	readonly longestM: number;
}

/**
 * A ride along the streets to another place, turning at crossings. It begins with the vehicle standing switched on for a
 * moment and ends so.
 */
export function planRoute(
	from: Place,
	to: Place,
	town: Town,
	driving: Driving,
	draws: Draws,
): Route {
	const legs: Leg[] = [];
	let place = from;
	let atS = draws.between(10, 40);
	let distanceM = 0;
	let alongLeftM = to.alongM - from.alongM;
	let acrossLeftM = to.acrossM - from.acrossM;
	let isAlong = draws.isTrue(0.5);
	while (Math.abs(alongLeftM) + Math.abs(acrossLeftM) > 1 && distanceM < driving.longestM) {
		const leftM = isAlong ? alongLeftM : acrossLeftM;
		const isLastTurn = Math.abs(isAlong ? acrossLeftM : alongLeftM) <= 1;
		const wantedM = isLastTurn ? 1_000 : draws.between(150, 900);
		const lengthM = Math.min(Math.abs(leftM), wantedM, driving.longestM - distanceM);
		if (lengthM > 1) {
			const sign = Math.sign(leftM);
			const direction = { alongM: isAlong ? sign : 0, acrossM: isAlong ? 0 : sign };
			const cruiseMs = draws.between(...driving.cruiseKmh) / 3.6;
			const leg = planLeg(atS, distanceM, place, direction, lengthM, cruiseMs);
			legs.push(leg);
			place = onLeg(leg, lengthM);
			distanceM += lengthM;
			if (isAlong) alongLeftM -= sign * lengthM;
			else acrossLeftM -= sign * lengthM;
			atS = leg.endS + (draws.isTrue(0.45) ? draws.between(8, 55) : 1);
		}
		isAlong = !isAlong;
	}
	const durationMs = Math.ceil(atS + draws.between(5, 45)) * 1000;
	return {
		durationMs,
		distanceM,
		end: place,
		at: (offsetMs) => pointAt(legs, offsetMs / 1000, from, town),
	};
}

function planLeg(
	startS: number,
	startM: number,
	from: Place,
	direction: Place,
	lengthM: number,
	cruiseMs: number,
): Leg {
	// On a short street it brakes before it has reached its speed.
	const peakMs = Math.sqrt(
		(2 * lengthM * accelerationMs2 * brakingMs2) / (accelerationMs2 + brakingMs2),
	);
	const speedMs = Math.min(cruiseMs, peakMs);
	const acceleratingS = speedMs / accelerationMs2;
	const brakingS = speedMs / brakingMs2;
	const cruisingS = Math.max(0, lengthM / speedMs - (acceleratingS + brakingS) / 2);
	const endS = startS + acceleratingS + cruisingS + brakingS;
	const times = { startS, endS, acceleratingS, cruisingS, brakingS };
	return { ...times, startM, lengthM, from, direction, speedMs };
}

function pointAt(legs: readonly Leg[], atS: number, from: Place, town: Town): RoutePoint {
	const leg = legs.findLast((candidate) => candidate.startS <= atS);
	if (leg === undefined)
		return { place: from, headingDeg: headingOf(legs[0], town), speedKmh: 0, distanceM: 0 };
	const sinceS = atS - leg.startS;
	const { acceleratingS, cruisingS, brakingS, speedMs } = leg;
	const slowingS = sinceS - acceleratingS - cruisingS;
	let speed = 0;
	let drivenM = leg.lengthM;
	if (sinceS < acceleratingS) {
		speed = accelerationMs2 * sinceS;
		drivenM = (speed * sinceS) / 2;
	} else if (slowingS < 0) {
		speed = speedMs;
		drivenM = speedMs * (sinceS - acceleratingS / 2);
	} else if (slowingS < brakingS) {
		speed = speedMs - brakingMs2 * slowingS;
		drivenM = leg.lengthM - (speed * (brakingS - slowingS)) / 2;
	}
	return {
		place: onLeg(leg, drivenM),
		headingDeg: headingOf(leg, town),
		speedKmh: speed * 3.6,
		distanceM: leg.startM + Math.min(drivenM, leg.lengthM),
	};
}

function onLeg({ from, direction }: Leg, drivenM: number): Place {
	return {
		alongM: from.alongM + direction.alongM * drivenM,
		acrossM: from.acrossM + direction.acrossM * drivenM,
	};
}

function headingOf(leg: Leg | undefined, town: Town): number {
	if (leg === undefined) return 0;
	const { alongM, acrossM } = leg.direction;
	const degrees = streetsDeg(town) + (Math.atan2(acrossM, alongM) * 180) / Math.PI;
	return Math.round(degrees + 360) % 360;
}

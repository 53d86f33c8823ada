import type { Scope } from '#contract/scope.ts';
import { type StatusCounts, statuses } from '#contract/status.ts';
import { type FleetColumns, none } from './fleet-columns.ts';

/** Columns by which the fleet is put in order. Names and codes are compared by ranks the asker brings. */
export const fleetOrders = [
	'name',
	'status',
	'last_heard',
	'soc',
	'range',
	'odometer',
	'speed',
	'signal',
	'firmware',
	'customer',
	'dealer',
] as const;
export type FleetOrder = (typeof fleetOrders)[number];

/** What a search text matched, each part by itself enough: devices, what they are fitted to, whose they are, what they run. */
export interface FleetMatch {
	readonly deviceNos: Int32Array;
	readonly vehicleNos: Int32Array;
	readonly customerNos: readonly number[];
	readonly dealerNos: readonly number[];
	readonly firmwareCodes: readonly number[];
}

export interface FleetQuestion {
	readonly scope: Scope;
	/** Statuses by their place in `statuses`; empty: all. */
	readonly statuses: readonly number[];
	/** Family by its place in `deviceFamilies`; null: all. */
	readonly family: number | null;
	readonly dealerNo: number | null;
	readonly customerNo: number | null;
	readonly firmwareCode: number | null;
	readonly match: FleetMatch | null;
	readonly order: FleetOrder;
	readonly descending: boolean;
	readonly offset: number;
	readonly limit: number;
	/** Instead of a page of the order: devices by their number, from the one after this on. */
	readonly afterNo?: number;
	/** Rank of each code for an order by firmware, customer or dealer; by code. */
	readonly ranks: Uint32Array | null;
}

export interface FleetAnswer {
	/** The page's devices, in order. */
	readonly deviceNos: Int32Array;
	readonly total: number;
	/** Per status, whatever statuses were asked for. */
	readonly counts: StatusCounts;
}

/** What devices in a scope have: codes in use, ascending. */
export interface FleetFacets {
	readonly dealerNos: number[];
	readonly customerNos: number[];
	readonly firmwareCodes: number[];
}

/** Key of what is unknown: last, in either direction. */
const last = 0xffff_ffff;
/** `signal` 99 means unknown (3GPP TS 27.007). */
const unknownSignal = 99;

/**
 * Answers a question over the columns in a few passes, without sorting the fleet: the keys at both ends of the page are
 * found by counting (radix selection over 2 × 16 bits), then only the page is collected and sorted. Ties come by device
 * number.
 */
export function answerFleetQuestion(
	columns: FleetColumns,
	highestNo: number,
	question: FleetQuestion,
): FleetAnswer {
	const { matches, counts } = findMatches(columns, highestNo, question);
	const sums = statuses.map((_, status) => counts[status] ?? 0);
	return {
		deviceNos:
			question.afterNo === undefined
				? page(columns, matches, question)
				: following(matches, question.afterNo, question.limit),
		total: matches.length,
		counts: {
			moving: sums[0]!,
			stopped: sums[1]!,
			ignition_off: sums[2]!,
			charging: sums[3]!,
			offline: sums[4]!,
			not_communicating: sums[5]!,
		},
	};
}

/** Which dealers, customers and firmware versions devices in the scope have. */
export function findFacets(columns: FleetColumns, highestNo: number, scope: Scope): FleetFacets {
	const dealers = new Set<number>();
	const customers = new Set<number>();
	const firmwares = new Set<number>();
	const admits = filterOf(columns, { ...everything, scope });
	const listed = scope.deviceNos;
	const length = listed?.length ?? highestNo;
	for (let place = 0; place < length; place++) {
		const deviceNo = listed === null ? place + 1 : listed[place]!;
		if (deviceNo > highestNo || !admits(deviceNo)) continue;
		dealers.add(columns.dealerNo[deviceNo]!);
		customers.add(columns.customerNo[deviceNo]!);
		firmwares.add(columns.firmwareCode[deviceNo]!);
	}
	const inUse = (codes: ReadonlySet<number>) =>
		[...codes].filter((code) => code !== none).sort((one, other) => one - other);
	return {
		dealerNos: inUse(dealers),
		customerNos: inUse(customers),
		firmwareCodes: inUse(firmwares),
	};
}

/** The filters of a question that asks for no particular devices. */
const everything = {
	family: null,
	dealerNo: null,
	customerNo: null,
	firmwareCode: null,
	match: null,
} satisfies Partial<FleetQuestion>;

let scratch = new Int32Array(1_024);

/** Device numbers that match, ascending, and the counts per status without the filter by status. */
function findMatches(
	columns: FleetColumns,
	highestNo: number,
	question: FleetQuestion,
): { matches: Int32Array; counts: Int32Array } {
	if (scratch.length <= highestNo) scratch = new Int32Array(highestNo + 1_024);
	const counts = new Int32Array(256);
	const isAskedStatus = new Uint8Array(256).fill(question.statuses.length === 0 ? 1 : 0);
	for (const status of question.statuses) isAskedStatus[status] = 1;
	const { status } = columns;
	const admits = filterOf(columns, question);
	const listed = listOf(question);
	const length = listed?.length ?? highestNo;
	let found = 0;
	for (let place = 0; place < length; place++) {
		const deviceNo = listed === null ? place + 1 : listed[place]!;
		if (deviceNo > highestNo || !admits(deviceNo)) continue;
		const at = status[deviceNo]!;
		counts[at]!++;
		if (isAskedStatus[at] === 1) scratch[found++] = deviceNo;
	}
	return { matches: scratch.subarray(0, found), counts };
}

/** The only devices worth a look, ascending, when a search or a scope names them; null: all. */
function listOf({ match, scope }: FleetQuestion): Int32Array | null {
	if (scope.deviceNos !== null) return Int32Array.from(new Set(scope.deviceNos)).sort();
	const isByDevice =
		match !== null &&
		match.vehicleNos.length +
			match.customerNos.length +
			match.dealerNos.length +
			match.firmwareCodes.length ===
			0;
	return isByDevice ? Int32Array.from(new Set(match.deviceNos)).sort() : null;
}

function filterOf(
	columns: FleetColumns,
	question: Pick<FleetQuestion, 'scope' | keyof typeof everything>,
): (deviceNo: number) => boolean {
	const { organizationNo, dealerNo, customerNo, family, firmwareCode } = columns;
	const { scope, match } = question;
	const organization = scope.organizationNo;
	const scopeDealer = scope.dealerNo;
	const scopeCustomers = scope.customerNos === null ? null : new Set(scope.customerNos);
	const found = match === null ? null : matcher(columns, match);
	return (deviceNo) =>
		organizationNo[deviceNo] === organization &&
		(scopeDealer === null || dealerNo[deviceNo] === scopeDealer) &&
		(scopeCustomers === null || scopeCustomers.has(customerNo[deviceNo]!)) &&
		(question.family === null || family[deviceNo] === question.family) &&
		(question.dealerNo === null || dealerNo[deviceNo] === question.dealerNo) &&
		(question.customerNo === null || customerNo[deviceNo] === question.customerNo) &&
		(question.firmwareCode === null || firmwareCode[deviceNo] === question.firmwareCode) &&
		(found === null || found(deviceNo));
}

/** A table of codes instead of a set: asked a million times, it costs a quarter. */
function matcher(columns: FleetColumns, match: FleetMatch): (deviceNo: number) => boolean {
	const { vehicleNo, dealerNo, customerNo, firmwareCode } = columns;
	const devices = tableOf(match.deviceNos);
	const vehicles = tableOf(match.vehicleNos);
	const customers = tableOf(match.customerNos);
	const dealers = tableOf(match.dealerNos);
	const firmwares = tableOf(match.firmwareCodes);
	return (deviceNo) =>
		devices[deviceNo] === 1 ||
		vehicles[vehicleNo[deviceNo]!] === 1 ||
		customers[customerNo[deviceNo]!] === 1 ||
		dealers[dealerNo[deviceNo]!] === 1 ||
		firmwares[firmwareCode[deviceNo]!] === 1;
}

/** 1 at each of the numbers. */
function tableOf(numbers: ArrayLike<number>): Uint8Array {
	let highest = 0;
	for (let place = 0; place < numbers.length; place++)
		if (numbers[place]! > highest) highest = numbers[place]!;
	const table = new Uint8Array(highest + 1);
	for (let place = 0; place < numbers.length; place++) table[numbers[place]!] = 1;
	return table;
}

/** The matches after a device number, which are in order. */
function following(matches: Int32Array, afterNo: number, limit: number): Int32Array {
	const first = matches.findIndex((deviceNo) => deviceNo > afterNo);
	return first === -1 ? new Int32Array(0) : matches.slice(first, first + limit);
}

function page(columns: FleetColumns, matches: Int32Array, question: FleetQuestion): Int32Array {
	const from = Math.min(question.offset, matches.length);
	const to = Math.min(from + question.limit, matches.length);
	if (from === to) return new Int32Array(0);
	const keys = keysOf(columns, matches, question);
	const [first, end] = select(keys, from, to - 1);
	const chosen: { key: number; deviceNo: number }[] = [];
	// Of equal keys at either end only some belong to the page: those whose device numbers come in turn.
	let skipped = first.below;
	let atEnd = first.key === end.key ? from : end.below;
	for (let place = 0; place < keys.length; place++) {
		const key = keys[place]!;
		if (key < first.key || key > end.key) continue;
		if (key === first.key && skipped < from) skipped++;
		else if (key !== end.key || atEnd++ < to) chosen.push({ key, deviceNo: matches[place]! });
	}
	chosen.sort((one, other) => one.key - other.key || one.deviceNo - other.deviceNo);
	return Int32Array.from(chosen, ({ deviceNo }) => deviceNo);
}

const radix = 65_536;
const upper = new Uint32Array(radix);
const lowerOfFirst = new Uint32Array(radix);
const lowerOfEnd = new Uint32Array(radix);

interface Selected {
	readonly key: number;
	/** How many keys are smaller. */
	readonly below: number;
}

/** The keys at two ranks, found by counting: first by their upper 16 bits, then within those two buckets. */
function select(keys: Uint32Array, firstRank: number, endRank: number): [Selected, Selected] {
	upper.fill(0);
	for (let place = 0; place < keys.length; place++) upper[keys[place]! >>> 16]!++;
	const first = bucketAt(upper, firstRank, 0);
	const end = bucketAt(upper, endRank, 0);
	lowerOfFirst.fill(0);
	lowerOfEnd.fill(0);
	for (let place = 0; place < keys.length; place++) {
		const key = keys[place]!;
		const bucket = key >>> 16;
		if (bucket === first.bucket) lowerOfFirst[key & 0xffff]!++;
		if (bucket === end.bucket) lowerOfEnd[key & 0xffff]!++;
	}
	return [
		selected(first.bucket, bucketAt(lowerOfFirst, firstRank, first.below)),
		selected(end.bucket, bucketAt(lowerOfEnd, endRank, end.below)),
	];
}

function bucketAt(
	counts: Uint32Array,
	rank: number,
	alreadyBelow: number,
): { bucket: number; below: number } {
	let below = alreadyBelow;
	let bucket = 0;
	while (below + counts[bucket]! <= rank) below += counts[bucket++]!;
	return { bucket, below };
}

function selected(upperBits: number, lower: { bucket: number; below: number }): Selected {
	return { key: upperBits * radix + lower.bucket, below: lower.below };
}

let keyScratch = new Uint32Array(1_024);

/** Order-preserving 32-bit keys of the matches: smaller comes first, what is unknown comes last in either direction. */
function keysOf(
	columns: FleetColumns,
	matches: Int32Array,
	{ order, descending, ranks }: FleetQuestion,
): Uint32Array {
	if (keyScratch.length < matches.length) keyScratch = new Uint32Array(matches.length * 2);
	const keys = keyScratch.subarray(0, matches.length);
	switch (order) {
		case 'name':
			wholeKeys(columns.nameRank, matches, keys);
			break;
		case 'status':
			wholeKeys(columns.status, matches, keys);
			break;
		case 'last_heard':
			timeKeys(columns.lastHeardAtMs, matches, keys);
			break;
		case 'soc':
			floatKeys(columns.socPct, matches, keys, Number.NaN);
			break;
		case 'range':
			floatKeys(columns.rangeKm, matches, keys, Number.NaN);
			break;
		case 'odometer':
			floatKeys(columns.odometerKm, matches, keys, Number.NaN);
			break;
		case 'speed':
			floatKeys(columns.speedKmh, matches, keys, Number.NaN);
			break;
		case 'signal':
			floatKeys(columns.signal, matches, keys, unknownSignal);
			break;
		case 'firmware':
			rankKeys(columns.firmwareCode, ranks, matches, keys);
			break;
		case 'customer':
			rankKeys(columns.customerNo, ranks, matches, keys);
			break;
		case 'dealer':
			rankKeys(columns.dealerNo, ranks, matches, keys);
			break;
	}
	if (descending)
		for (let place = 0; place < keys.length; place++)
			if (keys[place] !== last) keys[place] = last - 1 - keys[place]!;
	return keys;
}

function wholeKeys(column: Uint8Array | Uint32Array, matches: Int32Array, keys: Uint32Array): void {
	for (let place = 0; place < matches.length; place++) keys[place] = column[matches[place]!]!;
}

/** Tenths of a second since 2020: they fit 32 bits until 2033. */
function timeKeys(column: Float64Array, matches: Int32Array, keys: Uint32Array): void {
	for (let place = 0; place < matches.length; place++) {
		const atMs = column[matches[place]!]!;
		keys[place] = Number.isNaN(atMs) ? last : Math.max(0, (atMs - epochMs) / 100);
	}
}

/** Bits of a float, turned so that they compare as unsigned integers do. */
function floatKeys(
	column: Float32Array<SharedArrayBuffer>,
	matches: Int32Array,
	keys: Uint32Array,
	unknown: number,
): void {
	const bits = new Uint32Array(column.buffer);
	for (let place = 0; place < matches.length; place++) {
		const deviceNo = matches[place]!;
		const value = column[deviceNo]!;
		// 0 and -0 are equal, their bits are not.
		const raw = value === 0 ? 0 : bits[deviceNo]!;
		keys[place] =
			value === unknown || Number.isNaN(value)
				? last
				: (raw & 0x8000_0000) === 0
					? raw | 0x8000_0000
					: ~raw;
	}
}

function rankKeys(
	codes: Int32Array,
	ranks: Uint32Array | null,
	matches: Int32Array,
	keys: Uint32Array,
): void {
	for (let place = 0; place < matches.length; place++) {
		const code = codes[matches[place]!]!;
		keys[place] = code === 0 ? last : (ranks?.[code] ?? last - 1);
	}
}

const epochMs = Date.UTC(2020, 0, 1);

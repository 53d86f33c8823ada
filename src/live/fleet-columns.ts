/**
 * The fleet as columns by device number, in shared memory: lanes write, a query worker reads. A reader may see one
 * device's columns from two moments; the next answer is right again.
 */

/** Nobody: free place of a number that no device has (identity columns begin at 1). */
export const none = 0;
/** Status of a number that no device has. */
export const noStatus = 255;

const int32 = { bytes: 4, over: (buffer: SharedArrayBuffer) => new Int32Array(buffer) };
const uint32 = { bytes: 4, over: (buffer: SharedArrayBuffer) => new Uint32Array(buffer) };
const uint8 = { bytes: 1, over: (buffer: SharedArrayBuffer) => new Uint8Array(buffer) };
const float32 = { bytes: 4, over: (buffer: SharedArrayBuffer) => new Float32Array(buffer) };
const float64 = { bytes: 8, over: (buffer: SharedArrayBuffer) => new Float64Array(buffer) };

const layout = {
	organizationNo: int32,
	dealerNo: int32,
	customerNo: int32,
	/** What the device is fitted to; 0: to nothing. */
	vehicleNo: int32,
	family: uint8,
	activity: uint8,
	status: uint8,
	revision: float64,
	lastHeardAtMs: float64,
	nextChangeAtMs: float64,
	socPct: float32,
	rangeKm: float32,
	odometerKm: float32,
	speedKmh: float32,
	signal: float32,
	/** Place of the firmware version among those ever named; 0 for unknown. */
	firmwareCode: int32,
	/** Place of the device's name (VIN, else its own name) among all, in order. */
	nameRank: uint32,
	/** Web Mercator, 0..1 scaled to 2^32; both 0 without a position. */
	mercatorX: uint32,
	mercatorY: uint32,
	/** 256ths of a turn. */
	heading: uint8,
} as const;

type Layout = typeof layout;
export type FleetColumnName = keyof Layout;
export type FleetColumns = {
	readonly [Name in FleetColumnName]: ReturnType<Layout[Name]['over']>;
};
export type FleetBuffers = { readonly [Name in FleetColumnName]: SharedArrayBuffer };

const names = Object.keys(layout) as FleetColumnName[];

/** What a free place holds where that is not 0. */
const blanks: Partial<Record<FleetColumnName, number>> = {
	status: noStatus,
	lastHeardAtMs: Number.NaN,
	nextChangeAtMs: Number.POSITIVE_INFINITY,
	socPct: Number.NaN,
	rangeKm: Number.NaN,
	odometerKm: Number.NaN,
	speedKmh: Number.NaN,
	signal: Number.NaN,
	nameRank: 0xffff_ffff,
};

/** Room for device numbers below `capacity`, with what `before` held. */
export function fleetBuffers(capacity: number, before: FleetColumns | null): FleetBuffers {
	const entries = names.map((name) => [name, new SharedArrayBuffer(capacity * layout[name].bytes)]);
	const buffers: FleetBuffers = Object.fromEntries(entries);
	const columns = fleetColumns(buffers);
	for (const name of names) {
		columns[name].fill(blanks[name] ?? 0, before?.[name].length ?? 0);
		if (before !== null) columns[name].set(before[name]);
	}
	return buffers;
}

/** The columns over their buffers, on either side of a thread. */
export function fleetColumns(buffers: FleetBuffers): FleetColumns {
	return Object.fromEntries(
		names.map((name) => [name, layout[name].over(buffers[name])]),
	) as FleetColumns;
}

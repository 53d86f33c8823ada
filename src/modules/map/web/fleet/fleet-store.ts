import { mercatorSteps } from '#contract/mercator.ts';
import {
	type FleetChanges,
	type FleetSnapshot,
	goneStatus,
	recordBytes,
	statusByte,
} from '#contract/position-record.ts';
import { statuses } from '#contract/status.ts';
import { type Bounds, boundsOf } from './bounds.ts';
import { type Cluster, cellPx, mergeTouching, smallestCluster } from './clusters.ts';

/** What the map looks at. Coordinates are steps of `src/contract/mercator.ts`. */
export interface ViewRequest {
	readonly centerX: number;
	readonly centerY: number;
	readonly widthPx: number;
	readonly heightPx: number;
	readonly zoom: number;
	/** One bit for each status, by its place: which are shown. */
	readonly mask: number;
	/** As which status each status is shown. */
	readonly shownAs: readonly number[];
	/** Device that is shown whatever the rest; null: none. */
	readonly selectedNo: number | null;
}

export interface FleetView {
	/** Devices per status, all of them, wherever they are and whatever is shown. */
	readonly counts: Uint32Array<ArrayBuffer>;
	/** Devices that are shown by their status but have no position. */
	readonly withoutPosition: number;
	readonly clusters: readonly Cluster[];
	/** Records of the devices that are drawn one by one, each with its status as shown. */
	readonly points: Uint32Array<ArrayBuffer>;
	readonly pointNos: Uint32Array<ArrayBuffer>;
	/** Record of the selected device, if it has a position. */
	readonly selected: Uint32Array<ArrayBuffer> | null;
}

/** Beyond the edges, so that panning a little shows what is there already. */
const margin = 1.3;
const worldTilePx = 512;
const wordsOfRecord = 3;

/** The whole fleet as packed records, and what of it a view shows: a pass over all, cost by what is visible after that. */
export class FleetStore {
	#words = new Uint32Array(0);
	#bytes = new Uint8Array(0);
	#deviceNos = new Uint32Array(0);
	#count = 0;
	/** Devices up to here are in the order of their numbers; those that came later are in {@link #later}. */
	#sorted = 0;
	readonly #later = new Map<number, number>();
	#visible = new Uint32Array(0);
	#cellOf = new Uint32Array(0);

	get count(): number {
		return this.#count;
	}

	/** Takes a whole fleet instead of the one before. */
	load({ words, bytes, deviceNos }: FleetSnapshot): void {
		this.#words = words;
		this.#bytes = bytes;
		this.#deviceNos = deviceNos;
		this.#count = deviceNos.length;
		this.#sorted = deviceNos.length;
		this.#later.clear();
	}

	apply({ words, bytes }: FleetChanges): void {
		for (let word = 0; word < words.length; word += 1 + wordsOfRecord) {
			const deviceNo = words[word]!;
			let place = this.#placeOf(deviceNo);
			if (place < 0) {
				if (bytes[(word + 1) * 4 + statusByte] === goneStatus) continue;
				place = this.#append(deviceNo);
			}
			this.#words.set(words.subarray(word + 1, word + 1 + wordsOfRecord), place * wordsOfRecord);
		}
	}

	/** Where everything with a position is; null when nothing has one. */
	bounds(): Bounds | null {
		return boundsOf(this.#words, this.#bytes, this.#count);
	}

	view(request: ViewRequest): FleetView {
		const { mask, shownAs } = request;
		const words = this.#words;
		const bytes = this.#bytes;
		const grid = gridOf(request);
		const min = smallestCluster(request.zoom);
		this.#reserve();
		const visible = this.#visible;
		const cellOf = this.#cellOf;
		const kinds = statuses.length;
		const totals = new Uint32Array(grid.columns * grid.rows);
		const mixes = new Uint32Array(grid.columns * grid.rows * kinds);
		const offsetsX = new Float64Array(grid.columns * grid.rows);
		const offsetsY = new Float64Array(grid.columns * grid.rows);
		const withinCell = 2 ** grid.shift - 1;
		const counts = new Uint32Array(kinds);
		let withoutPosition = 0;
		let seen = 0;
		for (let place = 0; place < this.#count; place++) {
			const status = bytes[place * recordBytes + statusByte]!;
			if (status >= kinds) continue;
			counts[status]!++;
			if (((mask >> status) & 1) === 0) continue;
			const x = words[place * wordsOfRecord]!;
			const y = words[place * wordsOfRecord + 1]!;
			if (x === 0 && y === 0) {
				withoutPosition++;
				continue;
			}
			let column = (x >>> grid.shift) - grid.firstColumn;
			if (column < 0) column += grid.worldColumns;
			const row = (y >>> grid.shift) - grid.firstRow;
			if (column >= grid.columns || row < 0 || row >= grid.rows) continue;
			const cell = row * grid.columns + column;
			visible[seen] = place;
			cellOf[seen++] = cell;
			totals[cell]!++;
			mixes[cell * kinds + shownAs[status]!]!++;
			offsetsX[cell]! += x & withinCell;
			offsetsY[cell]! += y & withinCell;
		}

		const clusters: Cluster[] = [];
		let alone = seen;
		for (let cell = 0; cell < totals.length; cell++) {
			const total = totals[cell]!;
			if (total < min) continue;
			alone -= total;
			const column = (grid.firstColumn + (cell % grid.columns)) % grid.worldColumns;
			const row = grid.firstRow + Math.floor(cell / grid.columns);
			clusters.push({
				x: column * (withinCell + 1) + offsetsX[cell]! / total,
				y: row * (withinCell + 1) + offsetsY[cell]! / total,
				total,
				counts: mixes.slice(cell * kinds, (cell + 1) * kinds),
			});
		}

		const points = new Uint32Array(alone * wordsOfRecord);
		const pointBytes = new Uint8Array(points.buffer);
		const pointNos = new Uint32Array(alone);
		let drawn = 0;
		for (let at = 0; at < seen; at++) {
			if (totals[cellOf[at]!]! >= min) continue;
			const place = visible[at]!;
			const from = place * wordsOfRecord;
			points[drawn * wordsOfRecord] = words[from]!;
			points[drawn * wordsOfRecord + 1] = words[from + 1]!;
			points[drawn * wordsOfRecord + 2] = words[from + 2]!;
			const status = drawn * recordBytes + statusByte;
			pointBytes[status] = shownAs[pointBytes[status]!]!;
			pointNos[drawn++] = this.#deviceNos[place]!;
		}
		return {
			counts,
			withoutPosition,
			clusters: mergeTouching(clusters, grid.stepsPerPx),
			points,
			pointNos,
			selected: this.#record(request.selectedNo),
		};
	}

	#record(deviceNo: number | null): Uint32Array<ArrayBuffer> | null {
		const place = deviceNo === null ? -1 : this.#placeOf(deviceNo);
		if (place < 0) return null;
		const record = this.#words.slice(place * wordsOfRecord, (place + 1) * wordsOfRecord);
		const isGone = this.#bytes[place * recordBytes + statusByte] === goneStatus;
		return isGone || (record[0] === 0 && record[1] === 0) ? null : record;
	}

	#placeOf(deviceNo: number): number {
		let from = 0;
		let to = this.#sorted - 1;
		while (from <= to) {
			const middle = (from + to) >>> 1;
			const found = this.#deviceNos[middle]!;
			if (found === deviceNo) return middle;
			if (found < deviceNo) from = middle + 1;
			else to = middle - 1;
		}
		return this.#later.get(deviceNo) ?? -1;
	}

	#append(deviceNo: number): number {
		const place = this.#count++;
		if (place >= this.#deviceNos.length) {
			const capacity = Math.max(64, Math.ceil(place * 1.25));
			const words = new Uint32Array(capacity * wordsOfRecord);
			words.set(this.#words);
			const deviceNos = new Uint32Array(capacity);
			deviceNos.set(this.#deviceNos);
			this.#words = words;
			this.#bytes = new Uint8Array(words.buffer);
			this.#deviceNos = deviceNos;
		}
		this.#deviceNos[place] = deviceNo;
		this.#later.set(deviceNo, place);
		return place;
	}

	#reserve(): void {
		if (this.#visible.length >= this.#count) return;
		this.#visible = new Uint32Array(this.#count);
		this.#cellOf = new Uint32Array(this.#count);
	}
}

interface Grid {
	/** A cell is 2^shift steps wide; the same cells wherever the map is moved. */
	readonly shift: number;
	readonly worldColumns: number;
	readonly firstColumn: number;
	readonly columns: number;
	readonly firstRow: number;
	readonly rows: number;
	readonly stepsPerPx: number;
}

/** The whole cells that the view and its margin touch. Columns go round the world, rows end at its edges. */
function gridOf({ centerX, centerY, widthPx, heightPx, zoom }: ViewRequest): Grid {
	const stepsPerPx = mercatorSteps / (worldTilePx * 2 ** zoom);
	const shift = Math.max(1, Math.min(30, Math.round(Math.log2(cellPx * stepsPerPx))));
	const cell = 2 ** shift;
	const worldColumns = mercatorSteps / cell;
	const halfWidth = (widthPx * margin * stepsPerPx) / 2;
	const halfHeight = (heightPx * margin * stepsPerPx) / 2;
	const west = Math.floor((centerX - halfWidth) / cell);
	const columns = Math.min(worldColumns, Math.floor((centerX + halfWidth) / cell) - west + 1);
	const firstRow = Math.max(0, Math.floor((centerY - halfHeight) / cell));
	const lastRow = Math.min(worldColumns - 1, Math.floor((centerY + halfHeight) / cell));
	return {
		shift,
		worldColumns,
		firstColumn: ((west % worldColumns) + worldColumns) % worldColumns,
		columns,
		firstRow,
		rows: Math.max(1, lastRow - firstRow + 1),
		stepsPerPx,
	};
}

import { parentPort } from 'node:worker_threads';
import { type FleetColumns, fleetColumns } from '#live/fleet-columns.ts';
import { FleetLocations } from './fleet-locations.ts';
import { packCounts } from './location-counts.ts';
import type { MapWorkerReply, MapWorkerRequest } from './map-thread.ts';
import { packSnapshot } from './pack.ts';

/** The thread that packs and counts the fleet, so that no pass over it runs beside the broker. */

/** How old a device's location may be when it is counted by it. */
const locateEveryMs = 1_000;

let columns: FleetColumns | null = null;
let locationNos: Int32Array = new Int32Array(0);
let locatedAtMs = Number.NEGATIVE_INFINITY;
const locations = new FleetLocations(locationNos);

parentPort?.on('message', (request: MapWorkerRequest) => {
	switch (request.type) {
		case 'columns':
			columns = fleetColumns(request.buffers);
			locationNos = new Int32Array(request.locationNos);
			locations.resize(locationNos);
			locatedAtMs = Number.NEGATIVE_INFINITY;
			return;
		case 'places':
			locations.setPlaces(request.places);
			locatedAtMs = Number.NEGATIVE_INFINITY;
			return;
		case 'snapshot': {
			if (columns === null) throw new Error('asked before the columns came');
			const { id, highestNo, question, asOfMs } = request;
			if (question.locationNo !== null) locate(columns, highestNo);
			const snapshot = packSnapshot(columns, highestNo, locationNos, question, asOfMs);
			parentPort?.postMessage({ id, snapshot } satisfies MapWorkerReply, [snapshot]);
			return;
		}
		case 'counts': {
			if (columns === null) throw new Error('asked before the columns came');
			const { id, highestNo, question } = request;
			locate(columns, highestNo);
			const counts = packCounts(locations.count(columns, highestNo, question));
			parentPort?.postMessage({ id, counts } satisfies MapWorkerReply, [counts.buffer]);
		}
	}
});

function locate(fleet: FleetColumns, highestNo: number): void {
	if (performance.now() - locatedAtMs < locateEveryMs) return;
	locations.locate(fleet, highestNo);
	locatedAtMs = performance.now();
}

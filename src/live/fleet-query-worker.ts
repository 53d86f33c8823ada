import { parentPort } from 'node:worker_threads';
import { type FleetColumns, fleetColumns } from './fleet-columns.ts';
import type { FleetWorkerReply, FleetWorkerRequest } from './fleet-queries.ts';
import { answerFleetQuestion, findFacets } from './fleet-query.ts';

/** The thread that answers questions about the fleet, so that no scan runs beside the broker. */

let columns: FleetColumns | null = null;

parentPort?.on('message', (request: FleetWorkerRequest) => {
	if (request.type === 'columns') {
		columns = fleetColumns(request.buffers);
		return;
	}
	if (columns === null) throw new Error('asked before the columns came');
	const { id, highestNo } = request;
	const reply: FleetWorkerReply =
		request.type === 'question'
			? { type: 'answer', id, answer: answerFleetQuestion(columns, highestNo, request.question) }
			: { type: 'facets', id, facets: findFacets(columns, highestNo, request.scope) };
	parentPort?.postMessage(reply);
});

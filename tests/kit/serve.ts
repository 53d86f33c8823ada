import type { FastifyInstance } from 'fastify';
import { fault } from '#contract/faults.ts';
import { serve } from '#platform/http/serve.ts';
import {
	addVehicle,
	editVehicle,
	listVehicles,
	parkVehicle,
	removeVehicles,
	showVehicle,
	type Vehicle,
} from './vehicles.ts';

/** The sample page's endpoints, over vehicles that a test may change. */
export function serveVehicles(app: FastifyInstance, vehicles: Map<string, Vehicle>): void {
	function found(vin: string): Vehicle {
		const vehicle = vehicles.get(vin);
		if (!vehicle) throw fault('not_found', { thing: 'vehicle' });
		return vehicle;
	}

	serve(app, listVehicles, ({ query: { q, sort, direction, page, pageSize } }) => {
		const sign = direction === 'asc' ? 1 : -1;
		const rows = [...vehicles.values()]
			.filter(({ vin }) => vin.includes(q))
			.sort((one, other) => sign * one[sort].localeCompare(other[sort]));
		return {
			rows: rows.slice((page - 1) * pageSize, page * pageSize),
			total: rows.length,
			totalIsExact: true,
		};
	});
	serve(app, showVehicle, ({ params }) => found(params.vin));
	serve(app, addVehicle, ({ body: { vin, note } }) => {
		if (vehicles.has(vin))
			throw fault('already_in_use', { value: vin, where: '' }, [
				{ path: 'body.vin', message: `${vin} is already in use.` },
			]);
		vehicles.set(vin, { vin, note, isParked: false });
		return {};
	});
	serve(app, editVehicle, ({ params: { vin }, body: { note } }) => {
		vehicles.set(vin, { ...found(vin), note });
		return {};
	});
	serve(app, removeVehicles, ({ body: { vins } }) => {
		for (const vin of vins) vehicles.delete(found(vin).vin);
		return {};
	});
	serve(app, parkVehicle, ({ params: { vin } }) => {
		vehicles.set(vin, { ...found(vin), isParked: true });
		return {};
	});
}

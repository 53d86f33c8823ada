import { z } from 'zod';
import { confirmationSchema } from '#contract/confirmation.ts';
import { endpoint } from '#contract/endpoint.ts';

const vehicleSchema = z.object({ vin: z.string(), note: z.string(), isParked: z.boolean() });
export type Vehicle = z.infer<typeof vehicleSchema>;

const vehiclesSchema = z.object({
	rows: z.array(vehicleSchema),
	total: z.int(),
	totalIsExact: z.boolean(),
});
export type Vehicles = z.infer<typeof vehiclesSchema>;

const note = z.string().trim().min(1, 'Write a note.').max(40);

export const listVehicles = endpoint({
	method: 'GET',
	path: '/api/kit/vehicles',
	summary: 'Vehicles',
	admits: ['admin', 'operation'],
	query: z.object({
		q: z.string().default(''),
		sort: z.enum(['vin', 'note']).default('vin'),
		direction: z.enum(['asc', 'desc']).default('asc'),
		page: z.coerce.number().int().min(1).default(1),
		pageSize: z.coerce.number().int().min(1).max(100).default(30),
	}),
	reply: vehiclesSchema,
});

export const showVehicle = endpoint({
	method: 'GET',
	path: '/api/kit/vehicles/:vin',
	summary: 'One vehicle',
	admits: ['admin', 'operation'],
	params: z.object({ vin: z.string() }),
	reply: vehicleSchema,
});

export const addVehicle = endpoint({
	method: 'POST',
	path: '/api/kit/vehicles',
	summary: 'Adds a vehicle',
	admits: ['admin'],
	body: z.object({
		vin: z.string().trim().min(1, 'Enter the VIN.'),
		note,
		confirm: confirmationSchema,
	}),
	reply: z.object({}),
});

export const editVehicle = endpoint({
	method: 'PUT',
	path: '/api/kit/vehicles/:vin',
	summary: 'Changes the note of a vehicle',
	admits: ['admin'],
	params: z.object({ vin: z.string() }),
	body: z.object({ note, confirm: confirmationSchema }),
	reply: z.object({}),
});

const chosen = z.object({ vins: z.array(z.string()).min(1), confirm: confirmationSchema });

export const removeVehicles = endpoint({
	method: 'POST',
	path: '/api/kit/vehicles/removal',
	summary: 'Deletes vehicles',
	admits: ['admin'],
	body: chosen,
	reply: z.object({}),
});

export const parkVehicle = endpoint({
	method: 'POST',
	path: '/api/kit/vehicles/:vin/park',
	summary: 'Parks a vehicle',
	admits: ['admin', 'operation'],
	params: z.object({ vin: z.string() }),
	reply: z.object({}),
});

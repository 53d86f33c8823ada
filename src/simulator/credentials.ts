import { z } from 'zod';
import { deviceIdPattern } from '#contract/device-topics.ts';
import { type ElectricModel, electricModels } from './models/electric.ts';
import { type EngineName, engineModels } from './models/engine.ts';

export const deviceIdSchema = z.string().regex(deviceIdPattern, 'is not a Device ID');

const modelNames = <Model extends string>(models: Record<Model, unknown>) =>
	z.enum(Object.keys(models) as [Model, ...Model[]]);
const seed = z.int().min(0).max(0xffff_ffff);
const position = { lat: z.number().min(-85).max(85), lon: z.number().min(-180).max(180) };

const identity = {
	deviceId: deviceIdSchema,
	key: z.string().min(1),
	/** An instant at which the device was in the middle of its life; missing: the simulator's start. */
	since: z.iso.datetime().optional(),
	/** It fell silent at `since` and is not played. */
	silent: z.boolean().optional(),
};

const replaySchema = z.object({ ...identity, replay: z.string() });
const electricSchema = z.object({
	...identity,
	model: modelNames<ElectricModel>(electricModels),
	seed,
	town: z.object({ ...position, reachKm: z.number().positive().max(50) }),
	/** When it works, by the hours of the sun. */
	shift: z.object({ startHour: z.number().min(0).lt(24), hours: z.number().positive().max(24) }),
});
const engineSchema = z.object({
	...identity,
	model: modelNames<EngineName>(engineModels),
	seed,
	network: z.enum(['gsm', 'wifi']),
	/** Where it stands, if it knows. */
	position: z.object(position).optional(),
});

/** What the simulator needs to know of a device: who it is, its key, and what it plays. */
export const playedDeviceSchema = z.union([replaySchema, electricSchema, engineSchema]);
export type ReplayedDevice = z.infer<typeof replaySchema>;
export type ElectricDevice = z.infer<typeof electricSchema>;
export type EngineDevice = z.infer<typeof engineSchema>;
export type PlayedDevice = z.infer<typeof playedDeviceSchema>;

export const credentialsSchema = z.object({
	devices: z.array(playedDeviceSchema).min(1, 'names no device'),
});

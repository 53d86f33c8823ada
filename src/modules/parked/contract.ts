import { z } from 'zod';
import { bytesSchema } from '#contract/bytes.ts';
import { confirmationSchema } from '#contract/confirmation.ts';
import { endpoint } from '#contract/endpoint.ts';
import { directionSchema, listPageSchema, listShape } from '#contract/list.ts';
import type { Role } from '#contract/roles.ts';
import { bigRowNumberInPath } from '#contract/row-number.ts';

/** Roles that see what devices said word for word. */
const readers = ['super_admin', 'admin', 'operation'] as const satisfies readonly Role[];
const keepers = ['super_admin', 'admin'] as const satisfies readonly Role[];

/** A message that could not be read or stored. Instants are epoch milliseconds. */
export const parkedRowSchema = z.object({
	parkedNo: z.int(),
	deviceId: z.string(),
	vin: z.string().nullable(),
	/** A retired device's messages can be read but not replayed. */
	isRetired: z.boolean(),
	topic: z.string(),
	/** `not_json`, `not_a_reading`, `not_a_result` or `failed`. */
	reason: z.string(),
	/** The cause, as the parser or the database put it. */
	detail: z.string(),
	sizeBytes: z.int(),
	receivedAtMs: z.number(),
	/** How often it was replayed in vain, and when last. */
	replays: z.int(),
	replayedAtMs: z.number().nullable(),
});
export type ParkedRow = z.infer<typeof parkedRowSchema>;

/** Which parked messages: those that a list shows. */
const matchShape = {
	q: listShape.q,
	reason: z.string().max(64).optional(),
	deviceId: z.string().max(64).optional(),
};

export const parkedQuerySchema = z.object({
	...listShape,
	...matchShape,
	sort: z.enum(['received', 'device', 'reason', 'size']).default('received'),
	direction: directionSchema.default('desc'),
});
export type ParkedQuery = z.infer<typeof parkedQuerySchema>;

const parkedPageSchema = listPageSchema(parkedRowSchema).extend({
	/** Highest number of all that match: what is parked later is not meant by "all". */
	newestNo: z.int().nullable(),
});
export type ParkedPage = z.infer<typeof parkedPageSchema>;

export const listParked = endpoint({
	method: 'GET',
	path: '/api/parked',
	summary: 'Messages that could not be read or stored',
	admits: readers,
	query: parkedQuerySchema,
	reply: parkedPageSchema,
});

export const listParkedFilters = endpoint({
	method: 'GET',
	path: '/api/parked/filters',
	summary: 'Reasons and devices by which parked messages can be filtered',
	admits: readers,
	query: z.object({ device: z.string().trim().max(100).default('') }),
	reply: z.object({ reasons: z.array(z.string()), deviceIds: z.array(z.string()) }),
});

/** Of a body so much is shown; all of it can be downloaded. */
export const shownBodyBytes = 16 * 1024;

const parkedParams = z.object({ parkedNo: bigRowNumberInPath });

export const showParked = endpoint({
	method: 'GET',
	path: '/api/parked/:parkedNo',
	summary: 'One parked message with the beginning of its body',
	admits: readers,
	params: parkedParams,
	reply: parkedRowSchema.extend({ body: z.base64() }),
});

export const downloadParked = endpoint({
	method: 'GET',
	path: '/api/parked/:parkedNo/body',
	summary: 'The body of a parked message, as the device sent it',
	admits: readers,
	params: parkedParams,
	reply: bytesSchema,
});

/** At most so many are named one by one; more are chosen by what they have in common. */
export const maxNamed = 1_000;

export const selectionSchema = z.union([
	z.object({ parkedNos: z.array(z.int().min(1)).min(1).max(maxNamed) }),
	z.object({ ...matchShape, newestNo: z.int().min(1) }),
]);
export type Selection = z.infer<typeof selectionSchema>;

const replaySchema = z.object({
	/** `interrupted`: the database or the server failed; what was not replayed is still parked. */
	state: z.enum(['running', 'done', 'interrupted']),
	startedAtMs: z.number(),
	startedBy: z.string(),
	/** Messages that were chosen. */
	total: z.int(),
	stored: z.int(),
	/** Failed again and are parked with their new reason. */
	failed: z.int(),
	/** Their devices are retired. */
	skipped: z.int(),
});
export type ReplayProgress = z.infer<typeof replaySchema>;

export const replayParked = endpoint({
	method: 'POST',
	path: '/api/parked/replay',
	summary: 'Begins to replay parked messages, as received when they were',
	admits: keepers,
	body: z.object({ selection: selectionSchema, confirm: confirmationSchema }),
	reply: replaySchema,
});

export const showReplay = endpoint({
	method: 'GET',
	path: '/api/parked/replay',
	summary: 'How far the newest replay has come',
	admits: readers,
	reply: z.object({ replay: replaySchema.nullable() }),
});

export const discardParked = endpoint({
	method: 'POST',
	path: '/api/parked/discard',
	summary: 'Discards parked messages for good',
	admits: keepers,
	body: z.object({ selection: selectionSchema, confirm: confirmationSchema }),
	reply: z.object({ discarded: z.int() }),
});

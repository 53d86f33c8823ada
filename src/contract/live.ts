import { z } from 'zod';

/** Path of the WebSocket. */
export const livePath = '/api/live';

/** What the browser sends: subscriptions carry a number it chooses, under which messages come back. */
export const liveRequestSchema = z.discriminatedUnion('type', [
	z.object({
		type: z.literal('subscribe'),
		subscription: z.int().min(1).max(1_000_000),
		topic: z.string().max(64),
		params: z.unknown(),
	}),
	z.object({ type: z.literal('unsubscribe'), subscription: z.int() }),
]);
export type LiveRequest = z.infer<typeof liveRequestSchema>;

/** What the server sends. A beat comes every {@link beatIntervalMs}; without two of them the feed is stale. */
export const liveMessageSchema = z.discriminatedUnion('type', [
	z.object({ type: z.literal('message'), subscription: z.int(), message: z.unknown() }),
	z.object({
		type: z.literal('refused'),
		subscription: z.int(),
		code: z.string(),
		detail: z.string(),
	}),
	z.object({ type: z.literal('beat'), database: z.enum(['up', 'down']) }),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;

/**
 * A binary frame is a message of a topic whose messages are bytes: the subscription as `u32` (little-endian), then the
 * message.
 */
export const binaryPrefixBytes = 4;

export const beatIntervalMs = 5_000;
/** Changes of one subscription go out together, at most this often. */
export const liveFlushMs = 1_000;

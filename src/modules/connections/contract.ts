import { z } from 'zod';
import { endpoint } from '#contract/endpoint.ts';
import type { Role } from '#contract/roles.ts';
import { topic } from '#contract/topic.ts';

/** Roles that look for the cause when a device does not come through. */
const readers = ['super_admin', 'admin', 'operation'] as const satisfies readonly Role[];

/** Connections that are kept of each device. */
export const keptConnections = 50;

/** One connection of a device. Instants are epoch milliseconds. */
export const connectionSchema = z.object({
	connectedAtMs: z.number(),
	/** Null while it is open. */
	endedAtMs: z.number().nullable(),
	/** Why it ended, as in `keep_alive`. */
	reason: z.string().nullable(),
	/** As in `mqtts`. */
	transport: z.string(),
	address: z.string(),
	clientId: z.string().nullable(),
	/** 0: the device asked for none. */
	keepAliveSeconds: z.int().nullable(),
	isCleanSession: z.boolean().nullable(),
	/** What is to be said for the device when it goes without a word. */
	will: z.object({ topic: z.string(), body: z.base64() }).nullable(),
	/** Null when the server ended before it could write them. */
	messages: z.int().nullable(),
	bytes: z.int().nullable(),
});
export type Connection = z.infer<typeof connectionSchema>;

/** Messages are counted in so many spans of so many minutes. */
export const rateSpans = 12;
export const rateSpanMinutes = 5;

const noteSchema = z.object({ what: z.string(), atMs: z.number() });

export const deviceConnectionsSchema = z.object({
	/** Newest first; those that are open come first. */
	connections: z.array(connectionSchema),
	/** Messages of the last hour by spans, oldest first; the last span is under way. Begins with the server. */
	messageCounts: z.array(z.int()),
	/** The last bound that the device met, and the last time it was refused, since the server started. */
	lastLimit: noteSchema.nullable(),
	lastRefusal: noteSchema.nullable(),
	/** Whether the newest reading carried a time that cannot be; null: no reading yet. */
	isClockWrong: z.boolean().nullable(),
	parked: z.object({ count: z.int(), bytes: z.int() }),
	asOfMs: z.number(),
});
export type DeviceConnections = z.infer<typeof deviceConnectionsSchema>;

export const listConnections = endpoint({
	method: 'GET',
	path: '/api/devices/:deviceId/connections',
	summary: 'How a device is and was connected, how much it says, and what went wrong',
	admits: readers,
	params: z.object({ deviceId: z.string().max(64) }),
	reply: deviceConnectionsSchema,
});

/** Messages that a tail keeps of a device, and how much of each body. */
export const tailLength = 50;
export const tailBodyBytes = 4 * 1024;

export const tailMessageSchema = z.object({
	/** Rises with each message of the device while it is followed. */
	no: z.int(),
	atMs: z.number(),
	transport: z.string(),
	topic: z.string(),
	/** The first {@link tailBodyBytes}. */
	body: z.base64(),
	sizeBytes: z.int(),
});
export type TailMessage = z.infer<typeof tailMessageSchema>;

/** The messages of a device as they come, word for word. Nothing is kept of a device that nobody follows. */
export const deviceTailTopic = topic({
	name: 'device.tail',
	admits: readers,
	params: z.object({ deviceNo: z.int() }),
	message: z.object({ messages: z.array(tailMessageSchema) }),
});

import type { DeviceConnected, DisconnectReason } from '#ingest/edge/observer.ts';

/** A connection as this server knows it. */
export interface LoggedConnection {
	readonly opened: DeviceConnected;
	/** Its number among the device's connections in the database; null until it is written. */
	storedNo: number | null;
	ended: { readonly atMs: number; readonly reason: DisconnectReason } | null;
	messages: number;
	bytes: number;
}

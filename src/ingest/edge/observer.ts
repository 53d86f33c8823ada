/** How a device speaks to the server. */
export const transports = ['mqtt', 'mqtts', 'mqtt_ws', 'mqtt_wss', 'http', 'osmand'] as const;
export type DeviceTransport = (typeof transports)[number];

/** Why a connection of a device ended. */
export const disconnectReasons = [
	/** The device said DISCONNECT. */
	'closed_by_device',
	/** It went without a word. */
	'lost',
	/** Nothing came for one and a half times its keep-alive. */
	'keep_alive',
	/** Another connection came with its client id. */
	'replaced',
	/** It sent more than it may. */
	'limited',
	/** Its key was renewed, or the device retired. */
	'key_changed',
	'server_stopped',
	/** It broke the protocol or published where it may not. */
	'error',
] as const;
export type DisconnectReason = (typeof disconnectReasons)[number];

/** Bounds that a device can meet. */
export const deviceLimits = ['message_rate', 'message_size'] as const;
export type DeviceLimit = (typeof deviceLimits)[number];

export interface DeviceConnected {
	readonly deviceNo: number;
	/** Rises with each connection that this server admits; begins again with the server. */
	readonly connectionNo: number;
	readonly transport: DeviceTransport;
	/** Network address of the peer; behind a proxy on WebSocket, what the proxy says. */
	readonly address: string;
	readonly atMs: number;
	/** As the device sent it; empty when it left the choice to the server. */
	readonly clientId: string;
	/** 0: the device asked for none. */
	readonly keepAliveSeconds: number;
	readonly isCleanSession: boolean;
	readonly will: { readonly topic: string; readonly bytes: Buffer } | null;
}

export interface DeviceDisconnected {
	readonly deviceNo: number;
	readonly connectionNo: number;
	readonly atMs: number;
	readonly reason: DisconnectReason;
}

/** A message of an authenticated device, before the road; wills too. The body is not to be changed. */
export interface DeviceReceived {
	readonly deviceNo: number;
	readonly transport: DeviceTransport;
	readonly topic: string;
	readonly body: Buffer;
	readonly atMs: number;
}

export interface DeviceLimited {
	readonly deviceNo: number;
	readonly limit: DeviceLimit;
	readonly atMs: number;
}

export interface DeviceRefused {
	/** Null when nobody knows the id that was given. */
	readonly deviceNo: number | null;
	readonly transport: DeviceTransport;
	readonly address: string;
	readonly reason: string;
	readonly atMs: number;
}

/**
 * Hears what the edges know of devices and the road does not. Called on the hot path: it must neither throw nor wait.
 * A request over HTTP or OsmAnd is no connection: it is only received.
 */
export interface EdgeObserver {
	connected(connection: DeviceConnected): void;
	disconnected(connection: DeviceDisconnected): void;
	received(message: DeviceReceived): void;
	limited(limited: DeviceLimited): void;
	refused(refused: DeviceRefused): void;
}

/** An observer that takes no notice. */
export const unobserved: EdgeObserver = {
	connected: () => {},
	disconnected: () => {},
	received: () => {},
	limited: () => {},
	refused: () => {},
};

import { text } from './text.ts';

const transports: ReadonlyMap<string, string> = new Map([
	['mqtt', 'MQTT'],
	['mqtts', 'MQTT, TLS'],
	['mqtt_ws', 'MQTT, WebSocket'],
	['mqtt_wss', 'MQTT, WebSocket, TLS'],
	['http', 'HTTP'],
	['osmand', 'OsmAnd'],
]);

const reasons: ReadonlyMap<string, string> = new Map([
	['closed_by_device', text('closedByDevice')],
	['lost', text('lost')],
	['keep_alive', text('keepAliveEnded')],
	['replaced', text('replaced')],
	['limited', text('limited')],
	['key_changed', text('keyChanged')],
	['server_stopped', text('serverStopped')],
	['error', text('broken')],
]);

const notes: ReadonlyMap<string, string> = new Map([
	['message_rate', text('limitRate')],
	['message_size', text('limitSize')],
	['wrong_key', text('wrongKey')],
]);

/** How a device speaks to the server. */
export function transportText(transport: string): string {
	return transports.get(transport) ?? transport;
}

/** Why a connection ended. */
export function reasonText(reason: string): string {
	return reasons.get(reason) ?? reason;
}

/** Which bound a device met, or why it was refused. */
export function noteText(what: string): string {
	return notes.get(what) ?? what;
}

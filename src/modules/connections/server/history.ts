import { type Connection, keptConnections } from '../contract.ts';
import type { LoggedConnection } from './logged-connection.ts';
import { maxWillBytes, type StoredConnection } from './store.ts';

/** What is stored of a device's connections, with what this server knows better; newest first, open ones before ended ones. */
export function connectionHistory(
	stored: readonly StoredConnection[],
	known: readonly LoggedConnection[],
): Connection[] {
	const knownNos = new Set(known.map(({ storedNo }) => storedNo));
	const history = [
		...known.map(asConnection),
		...stored
			.filter(({ connectionNo }) => !knownNos.has(connectionNo))
			.map(({ connectionNo: _, ...connection }) => connection),
	];
	const isOpen = ({ endedAtMs }: Connection) => Number(endedAtMs === null);
	return history
		.sort((one, other) => isOpen(other) - isOpen(one) || other.connectedAtMs - one.connectedAtMs)
		.slice(0, keptConnections);
}

function asConnection({ opened, ended, messages, bytes }: LoggedConnection): Connection {
	const { will } = opened;
	return {
		connectedAtMs: opened.atMs,
		endedAtMs: ended?.atMs ?? null,
		reason: ended?.reason ?? null,
		transport: opened.transport,
		address: opened.address,
		clientId: opened.clientId,
		keepAliveSeconds: opened.keepAliveSeconds,
		isCleanSession: opened.isCleanSession,
		will: will && {
			topic: will.topic,
			body: will.bytes.subarray(0, maxWillBytes).toString('base64'),
		},
		messages,
		bytes,
	};
}

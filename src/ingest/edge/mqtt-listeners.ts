import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { MqttEdge } from './mqtt.ts';

/** Path at which MQTT is spoken over WebSocket, and the subprotocol (MQTT 3.1.1, 6). */
export const mqttWebSocketPath = '/mqtt';
const subprotocol = 'mqtt';

/** A peer that vanished without a word, and has no keep-alive of MQTT, is found out by TCP. */
const tcpKeepAliveAfterMs = 60_000;
const backlog = 4_096;
/** How long a WebSocket that sent what it must not may take to hear so, and to close. */
const farewellMs = 2_000;
/** A handshake that is not done by then is given up. */
const handshakeTimeoutMs = 20_000;
/**
 * What a device may speak below TLS 1.3: authenticated encryption with forward secrecy (RFC 9325, 4.2). Those of TLS
 * 1.3 are all of that kind.
 */
const ciphers = [
	'TLS_AES_256_GCM_SHA384',
	'TLS_CHACHA20_POLY1305_SHA256',
	'TLS_AES_128_GCM_SHA256',
	'ECDHE-ECDSA-AES256-GCM-SHA384',
	'ECDHE-RSA-AES256-GCM-SHA384',
	'ECDHE-ECDSA-CHACHA20-POLY1305',
	'ECDHE-RSA-CHACHA20-POLY1305',
	'ECDHE-ECDSA-AES128-GCM-SHA256',
	'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');
const socketSettings = {
	noDelay: true,
	keepAlive: true,
	keepAliveInitialDelay: tcpKeepAliveAfterMs,
};

export interface MqttListener {
	readonly port: number;
	readonly isListening: boolean;
	/** Takes no more connections; resolves when those there were have ended. */
	close(): Promise<void>;
}

/** Takes MQTT over TCP. */
export function listenForMqtt(edge: MqttEdge, port: number, host: string): Promise<MqttListener> {
	const server = createServer(socketSettings, (socket) =>
		edge.accept(socket, {
			transport: 'mqtt',
			address: addressOf(socket),
			certifiedId: null,
		}),
	);
	return listen(server, port, host);
}

/**
 * Takes MQTT over TLS. Where an authority for client certificates is given, a device may show one instead of its key;
 * one that is not valid ends the connection.
 */
export function listenForMqttOverTls(
	edge: MqttEdge,
	certificates: TlsOptions,
	port: number,
	host: string,
): Promise<MqttListener> {
	const settings: TlsOptions = {
		...socketSettings,
		...certificates,
		minVersion: 'TLSv1.2',
		ciphers,
		requestCert: certificates.ca !== undefined,
		// A device without a certificate has its key; one with a wrong certificate is refused below.
		rejectUnauthorized: false,
		handshakeTimeout: handshakeTimeoutMs,
	};
	const server = createTlsServer(settings, (socket) => {
		const shown = shownCertificate(socket);
		if (shown !== null && !socket.authorized) {
			socket.destroy();
			return;
		}
		edge.accept(socket, { transport: 'mqtts', address: addressOf(socket), certifiedId: shown });
	});
	return listen(server, port, host);
}

/** Takes MQTT over WebSocket on the portal's own port, whose upgrades the plugin of the live pages dispatches. */
export function serveMqttWebSocket(
	app: FastifyInstance,
	edge: MqttEdge,
	messageMaxBytes: number,
): void {
	const server = new WebSocketServer({
		noServer: true,
		clientTracking: false,
		perMessageDeflate: false,
		// Several packets may share a frame; each of them is bounded by the edge.
		maxPayload: 2 * messageMaxBytes,
		handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
	});
	app.get(mqttWebSocketPath, {
		schema: { hide: true },
		// The plugin that serves pages would take the upgrade with its own, smaller bounds.
		preHandler: async (request, reply) => {
			if (request.headers.upgrade?.toLowerCase() !== 'websocket') return;
			reply.hijack();
			const { raw, ip, protocol } = request;
			const transport = protocol === 'https' ? 'mqtt_wss' : 'mqtt_ws';
			server.handleUpgrade(raw, raw.socket, Buffer.alloc(0), (socket) => {
				// It was told why it is closed; an end at once would overtake that.
				socket.on('error', () => setTimeout(() => socket.terminate(), farewellMs).unref());
				if (socket.protocol !== subprotocol) {
					socket.close(1002, 'speak the subprotocol mqtt');
					return;
				}
				edge.accept(streamOf(socket), { transport, address: ip, certifiedId: null });
			});
		},
		handler: (_request, reply) =>
			reply
				.code(426)
				.header('upgrade', 'websocket')
				.type('text/plain')
				.send('MQTT over WebSocket.\n'),
	});
}

/** The packets that a WebSocket carries. A text frame ends it (MQTT 3.1.1, 6.0.0-1). */
function streamOf(socket: WebSocket) {
	socket.on('message', (_, isBinary) => {
		if (!isBinary) socket.close(1003, 'binary frames only');
	});
	return createWebSocketStream(socket);
}

async function listen(server: Server, port: number, host: string): Promise<MqttListener> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ port, host, backlog }, resolve);
	});
	const address = server.address();
	return {
		port: typeof address === 'object' && address !== null ? address.port : port,
		get isListening() {
			return server.listening;
		},
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
}

/** Common name of the certificate that a client showed; null: it showed none. */
function shownCertificate(socket: TLSSocket): string | null {
	const { subject } = socket.getPeerCertificate();
	if (subject === undefined) return null;
	const name: unknown = subject.CN;
	return typeof name === 'string' ? name : '';
}

function addressOf(socket: Socket): string {
	return socket.remoteAddress ?? '';
}

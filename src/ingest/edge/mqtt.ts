import type { Duplex } from 'node:stream';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import {
	answeredCommandId,
	deviceIdPattern,
	mayDeviceSubscribe,
	telemetryTopic,
} from '#contract/device-topics.ts';
import { type MessageContent, telemetry } from '../message.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { AuthenticatedDevice } from './device-directory.ts';
import type { EdgeOptions } from './edge-options.ts';
import { MqttCommandTaker, MqttConnection, type MqttOrigin } from './mqtt-connection.ts';
import type { DisconnectReason } from './observer.ts';

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const serverUnavailable = 3;
const badCredentials = 4;

/** Packets that may follow a CONNECT without waiting for its answer; all of them came in one read. */
const maxPacketsBefore = 4_096;
export interface MqttEdgeOptions extends EdgeOptions {
	/** Connections that one address may have; a fleet behind one address has many. */
	readonly connectionsPerAddress: number;
}

/**
 * MQTT 3.1.1 for devices, over any stream. A PUBLISH of quality 1 is held until its reading is committed. With
 * `heldMax` of them nothing more is read from that connection, keep-alive included: that is the back-pressure of one
 * device.
 */
export class MqttEdge {
	readonly #options: MqttEdgeOptions;
	readonly #broker: RoadBroker;
	readonly #acknowledgements = new Acknowledgements();
	/** What a closed connection leaves, such as its will, comes after its end. */
	readonly #connections = new WeakMap<Client, MqttConnection>();
	readonly #open = new Set<MqttConnection>();
	readonly #byClientId = new Map<string, MqttConnection>();
	readonly #byDevice = new Map<number, Set<MqttConnection>>();
	readonly #ofAddress = new Map<string, number>();
	#lastConnectionNo = 0;
	#devices = 0;
	#isClosing = false;

	constructor(options: MqttEdgeOptions) {
		this.#options = options;
		this.#broker = new RoadBroker({
			preConnect: (client, packet, done) => {
				const connection = this.#connections.get(client);
				if (connection !== undefined)
					connection.introduction = {
						clientId: packet.clientId,
						keepAliveSeconds: packet.keepalive ?? 0,
						isCleanSession: packet.clean ?? true,
						will: packet.will
							? { topic: packet.will.topic, bytes: bytesOf(packet.will.payload) }
							: null,
					};
				done(null, connection !== undefined);
			},
			authenticate: (client, username, password, done) =>
				this.#authenticate(client, username, password, done),
			authorizePublish: (client, packet, done) => this.#authorizePublish(client, packet, done),
			authorizeSubscribe: (client, subscription, done) => {
				const connection = client === null ? undefined : this.#connections.get(client);
				const device = connection?.device ?? null;
				const isOwn = device !== null && mayDeviceSubscribe(device.deviceId, subscription.topic);
				const qos = subscription.qos === 0 ? 0 : 1;
				if (
					client !== null &&
					connection &&
					isOwn &&
					connection.taker?.isAcknowledging !== (qos === 1)
				)
					this.#take(connection, new MqttCommandTaker(device.deviceId, client, qos));
				done(null, isOwn ? subscription : null);
			},
			authorizeForward: (client, packet) => {
				const { device, taker } = this.#connections.get(client) ?? {};
				return device &&
					taker &&
					!client.connecting &&
					options.lines.mayForward(device.deviceNo, taker)
					? packet
					: null;
			},
			heartbeatInterval: 60_000,
			queueLimit: maxPacketsBefore,
		});
		// The error itself may hold the packet, and with it the device's key.
		this.#broker.on('clientError', (client, error) => {
			const connection = this.#connections.get(client);
			if (connection !== undefined && !isOfNetwork(error)) connection.endReason ??= 'error';
			options.log.debug(
				{ client: client.id, reason: error.message },
				'mqtt connection ended by an error',
			);
		});
		this.#broker.on('connectionError', (_, { message: reason }) =>
			options.log.debug({ reason }, 'mqtt connection refused'),
		);
		this.#broker.addListener('error', ({ message: reason }: Error) =>
			options.log.warn({ reason }, 'the broker failed at something'),
		);
		this.#broker.on('keepaliveTimeout', (client) => {
			const connection = this.#connections.get(client);
			if (connection !== undefined) connection.endReason ??= 'keep_alive';
		});
		this.#broker.on('client', (client) => this.#registered(client));
		this.#broker.on('subscribe', (_, client) => this.#openLine(client));
		this.#broker.on('clientReady', (client) => {
			this.#ready(client);
			// A persistent session has its subscriptions from before.
			this.#openLine(client);
		});
		this.#broker.on('unsubscribe', (_, client) => this.#closeLine(client));
		this.#broker.on('clientDisconnect', (client) => this.#closeLine(client));
		this.#broker.on('ack', (_, client) => {
			const { device, taker } = this.#connections.get(client) ?? {};
			if (device && taker) options.lines.acknowledged(device.deviceNo, taker);
		});
	}

	/** Starts the broker; streams come from `listenForMqtt` and `serveMqttWebSocket`. */
	async start(): Promise<void> {
		await this.#broker.listen();
	}

	/** Takes a stream of packets. One too many of its address is closed unheard. */
	accept(stream: Duplex, origin: MqttOrigin): void {
		const ofAddress = (this.#ofAddress.get(origin.address) ?? 0) + 1;
		if (this.#isClosing || ofAddress > this.#options.connectionsPerAddress) {
			if (!this.#isClosing) this.#options.counters.refused('too_many_of_address');
			stream.on('error', () => {});
			stream.destroy();
			return;
		}
		this.#ofAddress.set(origin.address, ofAddress);
		const connection = new MqttConnection(stream, {
			origin,
			connectionNo: ++this.#lastConnectionNo,
			maxPacketBytes: this.#options.messageMaxBytes,
			onPacketTooLarge: () => this.#tooLarge(connection),
		});
		const client = this.#broker.handle(stream);
		this.#connections.set(client, connection);
		this.#open.add(connection);
		stream.once('close', () => this.#closed(client, connection));
	}

	/** Devices that are connected. */
	get connections(): number {
		return this.#devices;
	}

	/** Ends all connections of a device at once: its key was renewed, or it was retired. */
	disconnect(deviceNo: number, reason: DisconnectReason): void {
		for (const connection of this.#byDevice.get(deviceNo) ?? []) connection.end(reason);
	}

	/** Ends the connections there are; unacknowledged messages come again. */
	async close(): Promise<void> {
		this.#isClosing = true;
		const ended = [...this.#open].map((connection) => {
			const closed = new Promise<void>((resolve) => connection.stream.once('close', resolve));
			connection.end('server_stopped');
			return closed;
		});
		await Promise.all(ended);
		await new Promise<void>((resolve) => this.#broker.close(resolve));
	}

	#registered(client: Client): void {
		const connection = this.#connections.get(client);
		if (connection === undefined) return;
		const before = this.#byClientId.get(client.id);
		if (before !== undefined) before.endReason ??= 'replaced';
		this.#byClientId.set(client.id, connection);
	}

	#ready(client: Client): void {
		const connection = this.#connections.get(client);
		if (connection === undefined || !this.#open.has(connection)) return;
		const { device, introduction, options } = connection;
		if (device === null || introduction === null) return;
		connection.isAnnounced = true;
		const { transport, address } = options.origin;
		this.#options.observer.connected({
			deviceNo: device.deviceNo,
			connectionNo: options.connectionNo,
			transport,
			address,
			atMs: this.#options.clock(),
			...introduction,
		});
	}

	#admit(client: Client, connection: MqttConnection, device: AuthenticatedDevice): void {
		connection.device = device;
		this.#devices++;
		const ofDevice = this.#byDevice.get(device.deviceNo);
		if (ofDevice === undefined) this.#byDevice.set(device.deviceNo, new Set([connection]));
		else ofDevice.add(connection);
		// With ever new client ids a device would leave as many sessions in memory: it keeps one, under its own id.
		if (client.id !== device.deviceId) client.clean = true;
		// A client id is the device's own choice: without its device id one device could take another's place.
		client.id = `${device.deviceId} ${client.id}`;
	}

	#closed(client: Client, connection: MqttConnection): void {
		const { device, options } = connection;
		connection.ended();
		this.#open.delete(connection);
		if (this.#byClientId.get(client.id) === connection) this.#byClientId.delete(client.id);
		const { address } = options.origin;
		const left = (this.#ofAddress.get(address) ?? 1) - 1;
		if (left === 0) this.#ofAddress.delete(address);
		else this.#ofAddress.set(address, left);
		if (device === null) return;
		const { deviceNo } = device;
		this.#devices--;
		const ofDevice = this.#byDevice.get(deviceNo);
		ofDevice?.delete(connection);
		if (ofDevice?.size === 0) this.#byDevice.delete(deviceNo);
		if (!connection.isAnnounced) return;
		this.#options.observer.disconnected({
			deviceNo,
			connectionNo: options.connectionNo,
			atMs: this.#options.clock(),
			reason: connection.reason,
		});
	}

	#tooLarge({ device }: MqttConnection): void {
		const { counters, observer, clock } = this.#options;
		counters.dropped('packet_too_large');
		if (device !== null)
			observer.limited({ deviceNo: device.deviceNo, limit: 'message_size', atMs: clock() });
	}

	#authenticate(
		client: Client,
		username: string | undefined,
		password: Buffer | undefined,
		done: (error: AuthenticateError | null, success: boolean | null) => void,
	): void {
		const connection = this.#connections.get(client);
		if (connection === undefined) return;
		this.#recognise(connection, username, password).then(
			(device) => {
				if (!client.closed) this.#admit(client, connection, device);
				done(null, true);
			},
			(error: unknown) => {
				const refusal = error instanceof Refusal ? error : databaseDown();
				if (refusal !== error)
					this.#options.log.warn({ err: error }, 'device could not be looked up');
				this.#options.counters.refused(refusal.message);
				setTimeout(() => done(refusal, false), refusal.delayMs).unref();
			},
		);
	}

	/** @throws Refusal */
	async #recognise(
		{ options: { origin } }: MqttConnection,
		username: string | undefined,
		key: Buffer | undefined,
	): Promise<AuthenticatedDevice> {
		if (!this.#options.isDatabaseUp()) throw databaseDown();
		const { directory, attempts, observer, clock } = this.#options;
		const { address, certifiedId, transport } = origin;
		const deviceId = username ?? certifiedId ?? '';
		let deviceNo: number | null = null;
		if (deviceIdPattern.test(deviceId) && (certifiedId !== null || key !== undefined)) {
			const found =
				certifiedId === deviceId
					? await directory.find(deviceId)
					: await directory.authenticate(deviceId, key ?? Buffer.alloc(0));
			if (found.device !== null) {
				attempts.succeeded(address, deviceId);
				return found.device;
			}
			({ deviceNo } = found);
		}
		observer.refused({ deviceNo, transport, address, reason: 'wrong_key', atMs: clock() });
		throw new Refusal(badCredentials, 'wrong_key', attempts.failed(address, deviceId));
	}

	#take(connection: MqttConnection, taker: MqttCommandTaker): void {
		if (connection.device !== null && connection.taker !== null)
			this.#options.lines.close(connection.device.deviceNo, connection.taker);
		connection.taker = taker;
	}

	#openLine(client: Client): void {
		const { device, taker } = this.#connections.get(client) ?? {};
		if (device && taker) this.#options.lines.open(device.deviceNo, taker);
	}

	#closeLine(client: Client): void {
		const connection = this.#connections.get(client);
		if (!connection?.device || connection.taker === null) return;
		this.#options.lines.close(connection.device.deviceNo, connection.taker);
		connection.taker = null;
	}

	#authorizePublish(
		client: Client | null,
		packet: PublishPacket,
		done: (error?: Error | null) => void,
	): void {
		const connection = client === null ? undefined : this.#connections.get(client);
		const device = connection?.device ?? null;
		const content = device === null ? null : contentOf(packet.topic, device);
		if (client === null || connection === undefined || device === null || content === null) {
			this.#options.counters.dropped('foreign_topic');
			// MQTT 3.1.1 cannot refuse a PUBLISH: the connection ends.
			done(new Error(`publishing to ${packet.topic.slice(0, 128)} is not permitted`));
			return;
		}
		// A will says that the device was lost, which a server that stops cannot know.
		if (client.closed && this.#isClosing) {
			done();
			return;
		}
		const { clock, counters, observer } = this.#options;
		const body = bytesOf(packet.payload);
		const receivedAtMs = clock();
		const { deviceNo } = device;
		const { transport } = connection.options.origin;
		counters.received(packet.qos);
		observer.received({ deviceNo, transport, topic: packet.topic, body, atMs: receivedAtMs });
		this.#keepToRate(connection, deviceNo);
		// A will comes after its connection has gone, and quality 0 waits for nothing: neither comes again.
		const isHeld = packet.qos > 0 && !client.closed;
		const isTaken = this.#options.bus.offer({
			deviceNo,
			content,
			topic: packet.topic,
			body,
			receivedAtMs,
			isAbandoned: () => isHeld && client.closed,
			acknowledge: () => {
				if (isHeld) connection.held--;
				if (isHeld && !client.closed) this.#settle(client, packet, done);
			},
		});
		if (isTaken && isHeld) connection.held++;
		if (!isTaken) counters.dropped('bus_full');
		if (!isHeld) done();
		else if (!isTaken) done(new Error('overloaded'));
	}

	/** What has come in is taken; a device that is too fast is read no further until it has kept to its rate. */
	#keepToRate(connection: MqttConnection, deviceNo: number): void {
		const { rates, observer, clock } = this.#options;
		const waitMs = rates.count(deviceNo);
		if (waitMs > 0 && connection.pause(waitMs))
			observer.limited({ deviceNo, limit: 'message_rate', atMs: clock() });
	}

	/**
	 * A held PUBLISH of quality 1 is acknowledged here, and the broker goes on as if it were of quality 0: its own writer
	 * takes three buffers for the four bytes of a PUBACK, which costs more than storing the reading.
	 */
	#settle(client: Client, packet: PublishPacket, done: () => void): void {
		if (packet.qos === 1 && packet.messageId !== undefined) {
			this.#acknowledgements.add(client, packet.messageId);
			packet.qos = 0;
		} else {
			// The broker keeps it until the PUBREL for its identifier's sake; the body is stored already.
			packet.payload = Buffer.alloc(0);
		}
		done();
	}
}

/** Why a CONNECT is refused, and how long the answer waits. */
class Refusal extends Error {
	readonly returnCode: number;
	readonly delayMs: number;

	constructor(returnCode: number, reason: string, delayMs: number) {
		super(reason);
		this.returnCode = returnCode;
		this.delayMs = delayMs;
	}
}

function databaseDown(): Refusal {
	return new Refusal(serverUnavailable, 'database_down', 0);
}

/**
 * The broker without its own distribution of what devices say: their messages have taken the road, and nobody may
 * subscribe to them, so storing and matching them once more would only cost time.
 */
class RoadBroker extends Aedes {
	/** aedes calls with two arguments for itself, and with the client in between for what a device published. */
	override publish(
		packet: PublishPacket,
		clientOrDone: Client | ((error?: Error) => void),
		done?: (error?: Error) => void,
	): void {
		if (typeof clientOrDone === 'function') super.publish(packet, clientOrDone);
		else done?.();
	}
}

/** What a device publishes on a topic of its own; null when it is none of its own. */
function contentOf(topic: string, device: AuthenticatedDevice): MessageContent | null {
	if (topic === telemetryTopic(device.deviceId)) return telemetry;
	const commandId = answeredCommandId(device.deviceId, topic);
	return commandId === null ? null : { kind: 'command_result', commandId };
}

function bytesOf(payload: string | Buffer): Buffer {
	return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

/** Whether a connection broke, rather than its device the rules. */
function isOfNetwork(error: Error): boolean {
	return 'code' in error;
}

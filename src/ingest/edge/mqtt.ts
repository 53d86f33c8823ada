import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import {
	answeredCommandId,
	deviceIdPattern,
	mayDeviceSubscribe,
	telemetryTopic,
} from '#contract/device-topics.ts';
import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import type { DeviceBus } from '../bus/port.ts';
import { type MessageContent, telemetry } from '../message.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { FailedAttempts } from './attempts.ts';
import { CommandLines, type OutgoingCommand } from './command-lines.ts';
import type { AuthenticatedDevice, DeviceDirectory } from './device-directory.ts';
import { limitPackets } from './packet-limit.ts';

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const serverUnavailable = 3;
const badCredentials = 4;

/** As large as the body of an HTTP request may be. */
const maxPacketBytes = 1024 * 1024;
/** What somebody may send who has shown no key yet: a CONNECT with a will, and what follows it at once. */
const maxPacketBytesBefore = 64 * 1024;
/** Packets that may follow a CONNECT without waiting for its answer; all of them came in one read. */
const maxPacketsBefore = 4_096;
/** PUBLISHes of one connection that are held before it is read on; those of one read may be some more. */
export const heldMax = 100;
/** A peer that vanished without a word, and has no keep-alive of MQTT, is found out by TCP. */
const tcpKeepAliveAfterMs = 60_000;

export interface MqttEdgeOptions {
	readonly bus: DeviceBus;
	readonly directory: DeviceDirectory;
	readonly clock: Clock;
	readonly log: Log;
	/** False while the database has been gone for some seconds: CONNECT answers "server unavailable". */
	isDatabaseUp(): boolean;
	/** A device takes commands from now on: what waits for it may be sent. */
	onListening(deviceNo: number): void;
	/** A device's connection acknowledged a command. */
	onArrived(deviceNo: number, commandId: string): void;
	readonly counters: {
		received(qos: number): void;
		dropped(reason: string): void;
		refused(reason: string): void;
	};
}

interface ConnectedDevice extends AuthenticatedDevice {
	/** The topic to which it publishes most. */
	readonly telemetryTopic: string;
	/** Quality at which it subscribed to its commands; null: it did not. */
	commandQos: 0 | 1 | null;
	/** How many of its PUBLISHes are held. */
	held: number;
}

/**
 * MQTT 3.1.1 for devices, over TCP. A PUBLISH of quality 1 is held until its reading is committed. With
 * {@link heldMax} of them nothing more is read from that connection, keep-alive included: that is the back-pressure of
 * one device.
 */
export class MqttEdge {
	readonly #options: MqttEdgeOptions;
	readonly #broker: RoadBroker;
	readonly #server: Server;
	readonly #devices = new WeakMap<Client, ConnectedDevice>();
	readonly #attempts: FailedAttempts;
	readonly #lines: CommandLines;
	readonly #acknowledgements = new Acknowledgements();
	readonly #clients = new Map<Socket, Client>();

	constructor(options: MqttEdgeOptions) {
		this.#options = options;
		this.#attempts = new FailedAttempts(options.clock);
		this.#lines = new CommandLines(options);
		this.#broker = new RoadBroker({
			authenticate: (client, username, password, done) =>
				this.#authenticate(client, username, password, done),
			authorizePublish: (client, packet, done) => this.#authorizePublish(client, packet, done),
			authorizeSubscribe: (client, subscription, done) => {
				const device = client === null ? undefined : this.#devices.get(client);
				const isOwn =
					device !== undefined && mayDeviceSubscribe(device.deviceId, subscription.topic);
				if (isOwn) device.commandQos = subscription.qos === 0 ? 0 : 1;
				done(null, isOwn ? subscription : null);
			},
			authorizeForward: (client, packet) => {
				const device = this.#devices.get(client);
				return device !== undefined && this.#lines.mayForward(device.deviceNo, client)
					? packet
					: null;
			},
			heartbeatInterval: 60_000,
			queueLimit: maxPacketsBefore,
		});
		// The error itself may hold the packet, and with it the device's key.
		this.#broker.on('clientError', (client, { message: reason }) =>
			options.log.debug({ client: client.id, reason }, 'mqtt connection ended by an error'),
		);
		this.#broker.on('connectionError', (_, { message: reason }) =>
			options.log.debug({ reason }, 'mqtt connection refused'),
		);
		this.#broker.on('subscribe', (_, client) => this.#openLine(client));
		// A persistent session has its subscriptions from before.
		this.#broker.on('clientReady', (client) => this.#openLine(client));
		this.#broker.on('unsubscribe', (_, client) => this.#closeLine(client));
		this.#broker.on('clientDisconnect', (client) => this.#closeLine(client));
		this.#broker.on('ack', (_, client) => {
			const device = this.#devices.get(client);
			if (device !== undefined) this.#lines.acknowledged(device.deviceNo, client);
		});
		const settings = {
			noDelay: true,
			keepAlive: true,
			keepAliveInitialDelay: tcpKeepAliveAfterMs,
		};
		this.#server = createServer(settings, (socket) => this.#connect(socket));
	}

	/** Starts listening. @returns the port */
	async listen(port: number, host: string): Promise<number> {
		await this.#broker.listen();
		await new Promise<void>((resolve, reject) => {
			this.#server.once('error', reject);
			this.#server.listen({ port, host, backlog: 4_096 }, resolve);
		});
		const address = this.#server.address();
		return typeof address === 'object' && address !== null ? address.port : port;
	}

	/** Connected devices; the broker's own count drifts when connections with one client id follow each other fast. */
	get connections(): number {
		let devices = 0;
		for (const client of this.#clients.values()) if (this.#devices.has(client)) devices++;
		return devices;
	}

	get isListening(): boolean {
		return this.#server.listening;
	}

	/** Whether a device takes commands at this moment. */
	takesCommands(deviceNo: number): boolean {
		return this.#lines.isOpen(deviceNo);
	}

	/**
	 * Hands a command to the device's connection, if there is one that takes commands. Nothing is kept for later.
	 * @returns whether it was handed over
	 */
	sendCommand(command: OutgoingCommand): boolean {
		return this.#lines.send(command);
	}

	/** Ends the connections of a device, as when it is retired. */
	disconnect(deviceNo: number): void {
		for (const [socket, client] of this.#clients)
			if (this.#devices.get(client)?.deviceNo === deviceNo) socket.destroy();
	}

	/** Takes no more connections and ends those there are; unacknowledged messages come again. */
	async close(): Promise<void> {
		const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
		for (const socket of this.#clients.keys()) socket.destroy();
		await closed;
		await new Promise<void>((resolve) => this.#broker.close(resolve));
	}

	#connect(socket: Socket): void {
		const client = this.#broker.handle(socket);
		this.#clients.set(socket, client);
		socket.once('close', () => this.#clients.delete(socket));
		limitPackets(
			socket,
			() => (this.#devices.has(client) ? maxPacketBytes : maxPacketBytesBefore),
			() => this.#options.counters.dropped('packet_too_large'),
		);
		const read = socket.read.bind(socket);
		// The broker asks again after each PUBLISH that is settled.
		socket.read = (size) => ((this.#devices.get(client)?.held ?? 0) < heldMax ? read(size) : null);
	}

	#authenticate(
		client: Client,
		username: string | undefined,
		password: Buffer | undefined,
		done: (error: AuthenticateError | null, success: boolean | null) => void,
	): void {
		this.#recognise(client, username ?? '', password).then(
			(device) => {
				this.#devices.set(client, {
					...device,
					telemetryTopic: telemetryTopic(device.deviceId),
					commandQos: null,
					held: 0,
				});
				// With ever new client ids a device would leave as many sessions in memory: it keeps one, under its own id.
				if (client.id !== device.deviceId) client.clean = true;
				// A client id is the device's own choice: without its device id one device could take another's place.
				client.id = `${device.deviceId} ${client.id}`;
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
		client: Client,
		deviceId: string,
		key: Buffer | undefined,
	): Promise<AuthenticatedDevice> {
		if (!this.#options.isDatabaseUp()) throw databaseDown();
		const source = `${addressOf(client)} ${deviceId.slice(0, 64)}`;
		const device =
			deviceIdPattern.test(deviceId) && key !== undefined
				? await this.#options.directory.authenticate(deviceId, key)
				: null;
		if (device === null)
			throw new Refusal(badCredentials, 'wrong_key', this.#attempts.failed(source));
		this.#attempts.succeeded(source);
		return device;
	}

	#openLine(client: Client): void {
		const device = this.#devices.get(client);
		if (device !== undefined && device.commandQos !== null)
			this.#lines.open(device, client, device.commandQos);
	}

	#closeLine(client: Client): void {
		const device = this.#devices.get(client);
		if (device === undefined) return;
		device.commandQos = null;
		this.#lines.close(device.deviceNo, client);
	}

	#authorizePublish(
		client: Client | null,
		packet: PublishPacket,
		done: (error?: Error | null) => void,
	): void {
		const device = client === null ? undefined : this.#devices.get(client);
		const content = device === undefined ? null : contentOf(packet.topic, device);
		if (client === null || device === undefined || content === null) {
			this.#options.counters.dropped('foreign_topic');
			// MQTT 3.1.1 cannot refuse a PUBLISH: the connection ends.
			done(new Error(`publishing to ${packet.topic.slice(0, 128)} is not permitted`));
			return;
		}
		this.#options.counters.received(packet.qos);
		// A will comes after its connection has gone, and quality 0 waits for nothing: neither comes again.
		const isHeld = packet.qos > 0 && !client.closed;
		const isTaken = this.#options.bus.offer({
			deviceNo: device.deviceNo,
			content,
			topic: packet.topic,
			body: bytesOf(packet.payload),
			receivedAtMs: this.#options.clock(),
			isAbandoned: () => isHeld && client.closed,
			acknowledge: () => {
				if (isHeld) device.held--;
				if (isHeld && !client.closed) this.#settle(client, packet, done);
			},
		});
		if (isTaken && isHeld) device.held++;
		if (!isTaken) this.#options.counters.dropped('bus_full');
		if (!isHeld) done();
		else if (!isTaken) done(new Error('overloaded'));
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
function contentOf(topic: string, device: ConnectedDevice): MessageContent | null {
	if (topic === device.telemetryTopic) return telemetry;
	const commandId = answeredCommandId(device.deviceId, topic);
	return commandId === null ? null : { kind: 'command_result', commandId };
}

function bytesOf(payload: string | Buffer): Buffer {
	return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

function addressOf(client: Client): string {
	const { conn } = client;
	return 'remoteAddress' in conn && typeof conn.remoteAddress === 'string'
		? conn.remoteAddress
		: '';
}

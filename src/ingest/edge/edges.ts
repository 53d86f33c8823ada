import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import type { DeviceBus } from '../bus/port.ts';
import { FailedAttempts } from './attempts.ts';
import { CommandLines, type OutgoingCommand } from './command-lines.ts';
import { DeviceDirectory } from './device-directory.ts';
import type { EdgeCounters } from './edge-options.ts';
import { HttpEdge } from './http.ts';
import { MessageRates } from './message-rates.ts';
import { MqttEdge } from './mqtt.ts';
import {
	listenForMqtt,
	listenForMqttOverTls,
	type MqttListener,
	serveMqttWebSocket,
} from './mqtt-listeners.ts';
import type { DisconnectReason, EdgeObserver } from './observer.ts';
import { OsmAndEdge } from './osmand.ts';
import type { Certificates } from './tls-files.ts';

/** Bounds of what devices may send and how they may connect. */
export interface DeviceLimits {
	readonly messagesPerSecond: number;
	readonly messageMaxBytes: number;
	readonly connectionsPerAddress: number;
}

export interface DeviceEdgesOptions {
	readonly bus: DeviceBus;
	readonly pool: pg.Pool;
	readonly clock: Clock;
	readonly log: Log;
	readonly limits: DeviceLimits;
	readonly observer: EdgeObserver;
	readonly counters: EdgeCounters;
	/** False while the database has been gone for some seconds. */
	isDatabaseUp(): boolean;
	/** A device takes commands from now on: what waits for it may be sent. */
	onListening(deviceNo: number): void;
	/** A command has arrived at its device. */
	onArrived(deviceNo: number, commandId: string): void;
}

export interface EdgePorts {
	readonly host: string;
	readonly mqttPort: number;
	readonly osmandPort: number;
	/** Null: there is no certificate, and so no MQTT over TLS. */
	readonly tls: { readonly port: number; readonly certificates: Certificates } | null;
}

export interface ListeningPorts {
	readonly mqttPort: number;
	readonly mqttsPort: number | null;
	readonly osmandPort: number;
}

/** Every way in which devices speak to the server, and the way back for commands. */
export class DeviceEdges {
	readonly #options: DeviceEdgesOptions;
	readonly #lines: CommandLines;
	readonly #mqtt: MqttEdge;
	readonly #http: HttpEdge;
	readonly #osmand: OsmAndEdge;
	#listeners: readonly MqttListener[] = [];

	constructor(options: DeviceEdgesOptions) {
		const { pool, clock, limits } = options;
		this.#options = options;
		this.#lines = new CommandLines(options);
		const edge = {
			...options,
			directory: new DeviceDirectory(pool),
			attempts: new FailedAttempts(clock),
			lines: this.#lines,
			rates: new MessageRates(limits.messagesPerSecond),
			messageMaxBytes: limits.messageMaxBytes,
		};
		const { connectionsPerAddress } = limits;
		this.#mqtt = new MqttEdge({ ...edge, connectionsPerAddress });
		this.#http = new HttpEdge(edge);
		this.#osmand = new OsmAndEdge(edge);
	}

	/** Adds what devices ask over HTTP and WebSocket to the portal's server. */
	serve(app: FastifyInstance): void {
		this.#http.serve(app);
		serveMqttWebSocket(app, this.#mqtt, this.#options.limits.messageMaxBytes);
	}

	/** Starts listening. */
	async listen({ host, mqttPort, osmandPort, tls }: EdgePorts): Promise<ListeningPorts> {
		await this.#mqtt.start();
		const overTcp = await listenForMqtt(this.#mqtt, mqttPort, host);
		this.#listeners = [overTcp];
		const overTls =
			tls === null
				? null
				: await listenForMqttOverTls(this.#mqtt, tls.certificates, tls.port, host);
		if (overTls !== null) this.#listeners = [overTcp, overTls];
		return {
			mqttPort: overTcp.port,
			mqttsPort: overTls?.port ?? null,
			osmandPort: await this.#osmand.listen(osmandPort, host),
		};
	}

	get isListening(): boolean {
		return this.#listeners.length > 0 && this.#listeners.every(({ isListening }) => isListening);
	}

	/** Devices connected over MQTT. */
	get connections(): number {
		return this.#mqtt.connections;
	}

	/** Whether a device takes commands at this moment. */
	takesCommands(deviceNo: number): boolean {
		return this.#lines.takesCommands(deviceNo);
	}

	/** Hands a command to its device, if it takes commands now. Nothing is kept for later. */
	sendCommand(command: OutgoingCommand): boolean {
		return this.#lines.sendCommand(command);
	}

	/** Ends all connections of a device at once: its key was renewed, or it was retired. */
	disconnect(deviceNo: number, reason: DisconnectReason): void {
		this.#mqtt.disconnect(deviceNo, reason);
		this.#http.disconnect(deviceNo);
	}

	/** Takes no more and ends what there is; unacknowledged messages come again. */
	async close(): Promise<void> {
		const closed = this.#listeners.map((listener) => listener.close());
		this.#http.close();
		await Promise.all([...closed, this.#mqtt.close(), this.#osmand.close()]);
	}
}

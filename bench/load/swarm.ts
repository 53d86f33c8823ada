import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Latencies } from './latencies.ts';
import {
	AnswerReader,
	connackType,
	connectPacket,
	disconnectPacket,
	pubackType,
} from './mqtt-wire.ts';
import type { LoadDevice, Order, RunResult } from './orders.ts';
import { ReadingPacket, TimeText } from './payload.ts';

type ConnectOrder = Extract<Order, { kind: 'connect' }>;
type RunOrder = Extract<Order, { kind: 'run' }>;

/** One connection and the device that uses it now. */
interface Line {
	device: number;
	socket: Socket;
	packets: readonly ReadingPacket[];
	/** Indexes of packets that are not on the way. */
	free: number[];
	dueAtMs: Float64Array;
	isReady: boolean;
	/** Its connection may close: it is done with it. */
	isLeaving: boolean;
	takesTurns: boolean;
	acknowledgedThisTurn: number;
}

const connectsAtOnce = 100;
const keepAliveSeconds = 600;
/** After so many acknowledged messages a device that shares its connection gives way to the next. */
const messagesPerTurn = 8;

/** Many devices on raw sockets, driven as fast as they are answered or at a given rate. */
export class Swarm {
	readonly #order: ConnectOrder;
	readonly #onFailure: (reason: string) => void;
	readonly #lines: Line[] = [];
	readonly #waiting: number[] = [];
	readonly #sequences: Uint32Array;
	readonly #acknowledged: Uint32Array;
	readonly #time = new TimeText();
	readonly #readBuffer = Buffer.alloc(64 * 1024);
	#run: RunOrder | null = null;
	#isClosing = false;
	#onTheWay = 0;
	#measured = 0;
	#latencies = new Latencies();
	#unanswered = 0;
	#broken = 0;
	#nextLine = 0;
	#onDrained: (() => void) | null = null;

	constructor(order: ConnectOrder, onFailure: (reason: string) => void) {
		this.#order = order;
		this.#onFailure = onFailure;
		this.#sequences = new Uint32Array(order.devices.length).fill(order.firstSequence);
		this.#acknowledged = new Uint32Array(order.devices.length);
		for (let device = order.connections; device < order.devices.length; device += 1)
			this.#waiting.push(device);
	}

	/** Opens the connections, a hundred at a time. */
	async connect(): Promise<void> {
		const { connections } = this.#order;
		const sharing = Math.min(this.#waiting.length, connections);
		let next = 0;
		const connectSome = async (): Promise<void> => {
			while (next < connections) {
				const device = next++;
				this.#lines.push(await this.#open(device, device < sharing));
			}
		};
		await Promise.all(Array.from({ length: connectsAtOnce }, connectSome));
	}

	/** Sends until the end of the measurement, then waits for every outstanding answer. */
	async run(order: RunOrder): Promise<RunResult> {
		this.#run = order;
		this.#measured = 0;
		this.#latencies = new Latencies();
		if (order.perSecond === null)
			for (const line of this.#lines) this.#fill(line, performance.now());
		else this.#pace(order, order.perSecond);
		await new Promise((resolve) => setTimeout(resolve, order.measureToMs - Date.now()));
		this.#run = null;
		if (this.#onTheWay > 0)
			await new Promise<void>((resolve) => {
				this.#onDrained = resolve;
			});
		return {
			acknowledged: this.#measured,
			latencies: this.#latencies.counts,
			acknowledgedByDevice: this.#acknowledged,
			unanswered: this.#unanswered,
			brokenConnections: this.#broken,
		};
	}

	async close(): Promise<void> {
		this.#isClosing = true;
		await Promise.all(
			this.#lines.map(async ({ socket }) => {
				if (socket.destroyed) return;
				socket.end(disconnectPacket);
				await once(socket, 'close');
			}),
		);
	}

	/**
	 * Keeps to the rate, in the shape of the full load: a device sends as many messages at once as it may have on the
	 * way. Whatever is due goes out, and its latency counts from when it was due.
	 */
	#pace(order: RunOrder, perSecond: number): void {
		const startedAtMs = performance.now();
		const intervalMs = (1_000 * this.#order.window) / perSecond;
		let sent = 0;
		const timer = setInterval(() => {
			if (this.#run !== order) return clearInterval(timer);
			const due = Math.floor((performance.now() - startedAtMs) / intervalMs);
			while (sent < due) {
				const line = this.#nextIdleLine();
				if (line === null) break;
				sent += 1;
				this.#fill(line, startedAtMs + sent * intervalMs);
			}
		}, 1);
	}

	#nextIdleLine(): Line | null {
		for (let tried = 0; tried < this.#lines.length; tried += 1) {
			this.#nextLine = (this.#nextLine + 1) % this.#lines.length;
			const line = this.#lines[this.#nextLine];
			if (line?.isReady && line.free.length === this.#order.window) return line;
		}
		return null;
	}

	/** Sends as many messages as the device may have on the way. */
	#fill(line: Line, dueAtMs: number): void {
		if (!line.isReady) return;
		const several = line.free.length > 1;
		if (several) line.socket.cork();
		while (line.free.length > 0) this.#send(line, dueAtMs);
		if (several) line.socket.uncork();
	}

	#send(line: Line, dueAtMs: number): void {
		const index = line.free.pop();
		const packet = index === undefined ? undefined : line.packets[index];
		if (index === undefined || packet === undefined) return;
		const seq = this.#sequences[line.device] ?? 0;
		this.#sequences[line.device] = seq + 1;
		packet.write(seq, this.#time.refresh());
		line.dueAtMs[index] = dueAtMs;
		this.#onTheWay += 1;
		line.socket.write(packet.bytes);
	}

	#onPuback(line: Line, packetId: number): void {
		const index = packetId - 1;
		const run = this.#run;
		const nowMs = Date.now();
		if (run !== null && nowMs >= run.measureFromMs && nowMs < run.measureToMs) {
			this.#measured += 1;
			this.#latencies.add(performance.now() - (line.dueAtMs[index] ?? 0));
		}
		this.#acknowledged[line.device] = (this.#acknowledged[line.device] ?? 0) + 1;
		line.free.push(index);
		line.acknowledgedThisTurn += 1;
		this.#settle(1);
		if (line.takesTurns && line.acknowledgedThisTurn >= messagesPerTurn) this.#giveWay(line);
	}

	#settle(count: number): void {
		this.#onTheWay -= count;
		if (this.#onTheWay === 0 && this.#run === null) {
			this.#onDrained?.();
			this.#onDrained = null;
		}
	}

	/** Lets the device finish what is on the way, then gives its connection to the one that waits longest. */
	#giveWay(line: Line): void {
		line.isReady = false;
		if (line.free.length < this.#order.window) return;
		const next = this.#waiting.shift();
		if (next === undefined || this.#run === null) {
			if (next !== undefined) this.#waiting.unshift(next);
			line.isReady = true;
			return;
		}
		this.#waiting.push(line.device);
		line.isLeaving = true;
		line.socket.end(disconnectPacket);
		const index = this.#lines.indexOf(line);
		this.#open(next, true).then(
			(opened) => {
				this.#lines[index] = opened;
				if (this.#run?.perSecond === null) this.#fill(opened, performance.now());
			},
			(error: unknown) => this.#onFailure(String(error)),
		);
	}

	#open(device: number, takesTurns: boolean): Promise<Line> {
		const { port, devices, boot, window } = this.#order;
		const { deviceId, key }: LoadDevice = devices[device] ?? { deviceId: '', key: '' };
		return new Promise((resolve, reject) => {
			const reader = new AnswerReader((type, value) => {
				if (type === pubackType) this.#onPuback(line, value);
				else if (type !== connackType) reject(new Error(`Unexpected packet of type ${type}`));
				else if (value & 0xff) reject(new Error(`${deviceId} refused with code ${value & 0xff}`));
				else {
					line.isReady = true;
					resolve(line);
				}
			});
			const socket = connect({
				host: '127.0.0.1',
				port,
				noDelay: true,
				onread: {
					// All sockets share one buffer: each chunk is read to its end before the next arrives.
					buffer: this.#readBuffer,
					callback: (length, bytes) => {
						reader.read(bytes, length);
						if (this.#run?.perSecond === null) this.#fill(line, performance.now());
						return true;
					},
				},
			});
			const line: Line = {
				device,
				socket,
				packets: Array.from(
					{ length: window },
					(_, index) => new ReadingPacket(deviceId, boot, index + 1),
				),
				free: Array.from({ length: window }, (_, index) => index),
				dueAtMs: new Float64Array(window),
				isReady: false,
				isLeaving: false,
				takesTurns,
				acknowledgedThisTurn: 0,
			};
			socket.on('error', reject);
			socket.on('close', () => {
				reject(new Error(`${deviceId} was disconnected before its CONNACK`));
				line.isReady = false;
				if (this.#isClosing || line.isLeaving) return;
				const unanswered = window - line.free.length;
				this.#broken += 1;
				this.#unanswered += unanswered;
				this.#settle(unanswered);
			});
			socket.write(connectPacket(deviceId, key, keepAliveSeconds));
		});
	}
}

import { randomBytes } from 'node:crypto';
import type { Life } from './life.ts';
import { composeReading } from './reading.ts';
import type { NotedReading, Pace, Transmission } from './transmission.ts';

export interface SimulatedDeviceSettings {
	readonly life: Life;
	/** Null: as often as the device itself reports. */
	readonly pace: Pace | null;
	/** 1 is the life's own timing, 10 ten times as fast. */
	readonly speed: number;
	/** From when on it reports, epoch milliseconds. */
	readonly startMs: number;
	readonly send: (message: string) => void;
	/** The device has lost the network, or has it again. */
	readonly onCoverage: (isCovered: boolean) => void;
}

/** A device that lives its life from now on and sends each reading as it is due. A new one is a device restart. */
export class SimulatedDevice {
	readonly #settings: SimulatedDeviceSettings;
	readonly #boot = randomBytes(4).toString('hex');
	#transmissions: Generator<Transmission, never>;
	#isCovered = true;
	#timer: NodeJS.Timeout | null = null;
	/** Numbers of readings that were used up before the life was told anew. */
	#usedNumbers = 0;
	#lastNumber = 0;

	constructor(settings: SimulatedDeviceSettings) {
		this.#settings = settings;
		this.#transmissions = settings.life.transmissions(settings.startMs, settings.pace);
		this.#next();
	}

	stop(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
	}

	/** By the clock of its life. */
	get lifeNowMs(): number {
		const { startMs, speed } = this.#settings;
		return startMs + (Date.now() - startMs) * speed;
	}

	/** How long a stretch of its life takes by the clock on the wall. */
	wallLengthMs(lifeMs: number): number {
		return lifeMs / this.#settings.speed;
	}

	/** Plans anew what comes, since something has changed, and says what is now. */
	liveOn(): void {
		this.stop();
		const { life, pace } = this.#settings;
		this.#usedNumbers = this.#lastNumber;
		this.#transmissions = life.transmissions(this.lifeNowMs, pace);
		this.#next();
	}

	#next(): void {
		const transmission = this.#transmissions.next().value;
		const waitMs = Math.max(0, this.#wallMs(transmission.dueMs) - Date.now());
		this.#timer = setTimeout(() => {
			this.#transmit(transmission);
			this.#next();
		}, waitMs);
	}

	#transmit({ isCovered, messages }: Transmission): void {
		if (isCovered !== this.#isCovered) {
			this.#isCovered = isCovered;
			this.#settings.onCoverage(isCovered);
		}
		for (const [first, ...others] of messages) {
			if (first === undefined) continue;
			const body =
				others.length === 0 ? this.#reading(first) : [first, ...others].map(this.#reading, this);
			this.#settings.send(JSON.stringify(body));
		}
	}

	#reading({ number, atMs, measured }: NotedReading) {
		const seq = this.#usedNumbers + number;
		this.#lastNumber = Math.max(this.#lastNumber, seq);
		return composeReading(measured, {
			boot: this.#boot,
			seq,
			atMs: Math.round(this.#wallMs(atMs)),
		});
	}

	/** When an instant of the life comes by the clock on the wall. */
	#wallMs(lifeMs: number): number {
		const { startMs, speed } = this.#settings;
		return startMs + (lifeMs - startMs) / speed;
	}
}

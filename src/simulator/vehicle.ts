import { randomBytes } from 'node:crypto';
import { type Cycle, playCycle } from './cycle.ts';
import { composeReading, firmwareOf, signalOf } from './reading.ts';

export interface VehicleSettings {
	readonly deviceId: string;
	readonly cycle: Cycle;
	readonly startOffsetMs: number;
	/** 1 is the recording's own timing, 10 ten times as fast. */
	readonly speed: number;
	readonly send: (message: string) => void;
}

/** A vehicle that plays its cycle from now on and sends each reading as it is due. A new one is a device restart. */
export class Vehicle {
	readonly #settings: VehicleSettings;
	readonly #boot = randomBytes(4).toString('hex');
	readonly #firmware: string;
	readonly #steps: ReturnType<typeof playCycle>;
	readonly #startedAtMs = Date.now();
	#seq = 0;
	#lastAtMs = 0;
	#timer: NodeJS.Timeout | null = null;

	constructor(settings: VehicleSettings) {
		this.#settings = settings;
		this.#firmware = firmwareOf(settings.deviceId);
		this.#steps = playCycle(settings.cycle, settings.startOffsetMs);
		this.#next();
	}

	stop(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
	}

	#next(): void {
		const { deviceId, speed, send } = this.#settings;
		const { dueMs, measured } = this.#steps.next().value;
		const dueAtMs = this.#startedAtMs + dueMs / speed;
		this.#timer = setTimeout(
			() => {
				this.#seq += 1;
				// The clock may step back; a device's own time does not.
				const atMs = Math.max(Date.now(), this.#lastAtMs + 1);
				this.#lastAtMs = atMs;
				const signal = signalOf(deviceId, this.#seq);
				const stamp = { boot: this.#boot, seq: this.#seq, atMs, firmware: this.#firmware, signal };
				send(JSON.stringify(composeReading(measured, stamp)));
				this.#next();
			},
			Math.max(0, dueAtMs - Date.now()),
		);
	}
}

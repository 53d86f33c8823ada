import { telemetryTopic } from '#contract/device-topics.ts';
import { publishPacket } from './mqtt-wire.ts';

/** Sequences have seven digits, so that they can be written in place; nine runs of the generator stay apart. */
export const sequencesPerRun = 1_000_000;

/** The first sequence of the n-th run of the generator, counted from 1. */
export function firstSequenceOf(run: number): number {
	return run * sequencesPerRun;
}

const timeLength = '2026-01-01T00:00:00.000Z'.length;

/**
 * A reading of 12 values, with boot, seq and at, as a PUBLISH packet whose digits are overwritten in place for every
 * message. `odometer_km` is the sequence / 100, so that what was stored can be told by value.
 */
export class ReadingPacket {
	readonly bytes: Buffer;
	readonly #seq: number;
	readonly #at: number;
	readonly #lat: number;
	readonly #lon: number;
	readonly #altitude: number;
	readonly #speed: number;
	readonly #heading: number;
	readonly #soc: number;
	readonly #range: number;
	readonly #odometer: number;
	readonly #signal: number;
	readonly #battery: number;

	constructor(deviceId: string, boot: string, packetId: number) {
		const payload = Buffer.from(
			`{"boot":"${boot}","seq":1000000,"at":"2026-01-01T00:00:00.000Z","lat":33.900000,"lon":-6.800000,` +
				'"altitude_m":100.5,"speed_kmh":10.5,"heading_deg":100.5,"soc_pct":50.00,"range_km":10.5,' +
				'"odometer_km":10000.00,"ignition":true,"charging":false,"signal":20,"battery_v":50.5}',
		);
		this.bytes = publishPacket(telemetryTopic(deviceId), packetId, payload);
		const offset = this.bytes.length - payload.length;
		const after = (name: string): number =>
			offset + payload.indexOf(`"${name}":`) + name.length + 3;
		this.#seq = after('seq');
		this.#at = after('at') + 1;
		this.#lat = after('lat') + '33.9'.length;
		this.#lon = after('lon') + '-6.8'.length;
		this.#altitude = after('altitude_m') + 1;
		this.#speed = after('speed_kmh') + 1;
		this.#heading = after('heading_deg') + 1;
		this.#soc = after('soc_pct') + 1;
		this.#range = after('range_km') + 1;
		this.#odometer = after('odometer_km');
		this.#signal = after('signal') + 1;
		this.#battery = after('battery_v') + 1;
	}

	/** Writes the next reading: every value but `ignition` and `charging` differs from the one before. */
	write(seq: number, time: Buffer): void {
		const { bytes } = this;
		digits(bytes, this.#seq, 7, seq);
		digits(bytes, this.#odometer, 5, Math.floor(seq / 100));
		digits(bytes, this.#odometer + 6, 2, seq % 100);
		time.copy(bytes, this.#at, 0, timeLength);
		digits(bytes, this.#lat, 5, (seq * 7) % 100_000);
		digits(bytes, this.#lon, 5, (seq * 11) % 100_000);
		digits(bytes, this.#altitude, 2, seq % 100);
		digits(bytes, this.#speed, 1, seq % 10);
		digits(bytes, this.#heading, 2, (seq * 3) % 100);
		digits(bytes, this.#soc, 1, (seq * 3) % 10);
		digits(bytes, this.#range, 1, (seq * 7) % 10);
		digits(bytes, this.#signal, 1, seq % 10);
		digits(bytes, this.#battery, 1, (seq * 9) % 10);
	}
}

function digits(bytes: Buffer, start: number, count: number, value: number): void {
	let rest = value;
	for (let index = start + count - 1; index >= start; index -= 1) {
		bytes[index] = 48 + (rest % 10);
		rest = Math.floor(rest / 10);
	}
}

/** The present as RFC 3339, made anew only when the millisecond changes. */
export class TimeText {
	readonly bytes = Buffer.alloc(timeLength);
	#atMs = 0;

	refresh(): Buffer {
		const nowMs = Date.now();
		if (nowMs !== this.#atMs) {
			this.#atMs = nowMs;
			this.bytes.write(new Date(nowMs).toISOString(), 'latin1');
		}
		return this.bytes;
	}
}

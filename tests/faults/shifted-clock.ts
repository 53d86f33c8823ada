/**
 * Loaded into the server before its own program: the time of its clock is off by the milliseconds that stand in the file
 * named by SHIFTED_CLOCK, from when they are written there.
 */
import { readFileSync } from 'node:fs';

const path = process.env.SHIFTED_CLOCK ?? '';
const lookIntervalMs = 20;

const TrueDate = Date;
let shiftMs = read();

class ShiftedDate extends TrueDate {
	// Whatever the constructor of Date takes is passed on as it is.
	constructor(...parameters: [] | [number]) {
		if (parameters.length === 0) super(ShiftedDate.now());
		else super(...parameters);
	}

	static override now(): number {
		return TrueDate.now() + shiftMs;
	}
}
globalThis.Date = ShiftedDate as DateConstructor;
setInterval(() => {
	shiftMs = read();
}, lookIntervalMs).unref();

function read(): number {
	return Number(readFileSync(path, 'utf8')) || 0;
}

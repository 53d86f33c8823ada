/**
 * What a step makes of a reading: it passes or is dropped and counted. A whole message that cannot be read is parked
 * ({@link Unreadable}). None logs and goes on.
 */
export type Outcome =
	| { readonly type: 'pass' }
	| { readonly type: 'drop'; readonly reason: DropReason };

export type DropReason = 'repeat' | 'older_than_retention' | 'empty' | 'unknown_command';
export type ParkReason = 'not_json' | 'not_a_reading' | 'not_a_result' | 'failed';

export const pass: Outcome = { type: 'pass' };

export function drop(reason: DropReason): Outcome {
	return { type: 'drop', reason };
}

/** Thrown for a message that can never pass; its sentence goes to the parked row. */
export class Unreadable extends Error {
	readonly reason: ParkReason;

	constructor(reason: ParkReason, detail: string) {
		super(detail);
		this.reason = reason;
	}
}

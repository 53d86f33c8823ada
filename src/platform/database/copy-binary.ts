const postgresEpochMs = Date.UTC(2000, 0, 1);
const two32 = 2 ** 32;
/** Signature, flags and header extension of PostgreSQL's binary COPY format (manual, COPY, "Binary Format"). */
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/**
 * Writes rows in PostgreSQL's binary COPY format into one growing buffer, which is kept for the next batch. Binary
 * saves both sides the printing and reading of numbers.
 */
export class CopyBinaryWriter {
	#buffer = Buffer.allocUnsafe(256 * 1024);
	#length = 0;
	#rows = 0;

	get rows(): number {
		return this.#rows;
	}

	/** Forgets what was written; the buffer that {@link finish} returned becomes invalid. */
	reset(): void {
		header.copy(this.#buffer);
		this.#length = header.length;
		this.#rows = 0;
	}

	/** Begins a row of so many columns; exactly as many values must follow. */
	row(columns: number): void {
		this.#reserve(2);
		this.#int2(columns);
		this.#rows++;
	}

	null(): void {
		this.#reserve(4);
		this.#int4(-1);
	}

	boolean(value: boolean): void {
		this.#reserve(5);
		this.#int4(1);
		this.#buffer[this.#length++] = value ? 1 : 0;
	}

	smallint(value: number): void {
		this.#reserve(6);
		this.#int4(2);
		this.#int2(value);
	}

	integer(value: number): void {
		this.#reserve(8);
		this.#int4(4);
		this.#int4(value);
	}

	/** A bigint given as its upper and lower 32 bits. */
	bigintParts(high: number, low: number): void {
		this.#reserve(12);
		this.#int4(8);
		this.#int4(high);
		this.#int4(low);
	}

	/** A bigint within ±2^53. */
	bigint(value: number): void {
		const high = Math.floor(value / two32);
		this.bigintParts(high, (value - high * two32) | 0);
	}

	/** An instant in epoch milliseconds. */
	timestamptz(atMs: number): void {
		const microseconds = Math.round((atMs - postgresEpochMs) * 1000);
		const high = Math.floor(microseconds / two32);
		this.bigintParts(high, (microseconds - high * two32) | 0);
	}

	real(value: number): void {
		this.#reserve(8);
		this.#int4(4);
		this.#length = this.#buffer.writeFloatBE(value, this.#length);
	}

	double(value: number): void {
		this.#reserve(12);
		this.#int4(8);
		this.#length = this.#buffer.writeDoubleBE(value, this.#length);
	}

	text(value: string): void {
		const maxBytes = value.length * 3;
		this.#reserve(4 + maxBytes);
		const bytes = this.#buffer.write(value, this.#length + 4, 'utf8');
		this.#int4(bytes);
		this.#length += bytes;
	}

	/** A jsonb value given as JSON text. */
	jsonb(json: string): void {
		const maxBytes = json.length * 3;
		this.#reserve(5 + maxBytes);
		const bytes = this.#buffer.write(json, this.#length + 5, 'utf8');
		this.#int4(bytes + 1);
		this.#buffer[this.#length++] = 1;
		this.#length += bytes;
	}

	/** The finished COPY data; valid until the next {@link reset}. */
	finish(): Buffer {
		this.#reserve(2);
		this.#int2(-1);
		return this.#buffer.subarray(0, this.#length);
	}

	#reserve(bytes: number): void {
		if (this.#length + bytes <= this.#buffer.length) return;
		const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
		this.#buffer.copy(larger, 0, 0, this.#length);
		this.#buffer = larger;
	}

	#int2(value: number): void {
		const buffer = this.#buffer;
		buffer[this.#length++] = value >> 8;
		buffer[this.#length++] = value;
	}

	#int4(value: number): void {
		const buffer = this.#buffer;
		buffer[this.#length++] = value >> 24;
		buffer[this.#length++] = value >> 16;
		buffer[this.#length++] = value >> 8;
		buffer[this.#length++] = value;
	}
}

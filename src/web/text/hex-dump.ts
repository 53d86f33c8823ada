const bytesPerLine = 16;

/** Bytes as people read them: offset, hexadecimal, and what is printable in ASCII. */
export function hexDump(bytes: Uint8Array): string {
	const lines: string[] = [];
	for (let offset = 0; offset < bytes.length; offset += bytesPerLine) {
		const part = [...bytes.subarray(offset, offset + bytesPerLine)];
		const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
		const ascii = part
			.map((byte) => (isPrintable(byte) ? String.fromCharCode(byte) : '.'))
			.join('');
		lines.push(
			`${offset.toString(16).padStart(6, '0')}  ${hex.padEnd(3 * bytesPerLine - 1)}  ${ascii}`,
		);
	}
	return lines.join('\n');
}

function isPrintable(byte: number): boolean {
	return byte >= 0x20 && byte < 0x7f;
}

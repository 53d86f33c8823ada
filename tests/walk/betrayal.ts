import { unzip } from '../harness/workbook.ts';
import { canaryOf, numbersOf, type Realm } from './realms.ts';

const zipSignature = 0x04034b50;

/**
 * What a reply tells of a realm: its canary in the bytes as they are, in the files of a workbook and in bytes written as
 * Base64, and its numbers in text and in binary records. Null when nothing.
 */
export function betrayalOf(realm: Realm, body: Buffer, isText: boolean): string | null {
	const isArchive = body.length > 4 && body.readUInt32LE(0) === zipSignature;
	for (const text of textsOf(body, isArchive)) {
		const canary = canaryOf(realm, '').exec(text);
		if (canary !== null) return around(text, canary.index);
		if (!isText && text.length === body.length) continue;
		const number = numbersOf(realm, '').exec(text);
		if (number !== null) return around(text, number.index);
	}
	// Compressed bytes are numbers by chance.
	if (isText || isArchive) return null;
	for (let at = 0; at + 4 <= body.length; at += 4) {
		const number = body.readUInt32LE(at);
		if (number >= realm.firstNo && number < realm.firstNo + 1000)
			return `the number ${number} at byte ${at}`;
	}
	return null;
}

function* textsOf(body: Buffer, isArchive: boolean): Generator<string> {
	const text = body.toString('latin1');
	yield text;
	if (isArchive) {
		for (const file of unzip(body).values()) yield file;
		return;
	}
	for (const [, base64 = ''] of text.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g))
		yield Buffer.from(base64, 'base64').toString('latin1');
}

function around(text: string, at: number): string {
	return `…${text.slice(Math.max(0, at - 60), at + 60)}…`;
}

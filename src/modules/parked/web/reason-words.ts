import { text } from './text.ts';

const words: ReadonlyMap<string, string> = new Map([
	['not_json', text('notJson')],
	['not_a_reading', text('notAReading')],
	['not_a_result', text('notAResult')],
	['failed', text('failed')],
]);

/** Why a message is parked, in words. */
export function reasonText(reason: string): string {
	return words.get(reason) ?? reason;
}

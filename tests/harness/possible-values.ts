import { fieldNames, readingFields, type WireReading } from '#contract/device-reading.ts';

/** What is wrong with a reading by the contract's table; empty when nothing is. */
export function impossibleFields(reading: WireReading): string[] {
	return fieldNames.filter((name) => {
		const field = readingFields[name];
		const value = reading[name];
		if (value === undefined) return false;
		if (field.type === 'number')
			return typeof value !== 'number' || value < field.min || value > field.max;
		if (field.type === 'text') return typeof value !== 'string' || value.length > field.maxLength;
		return typeof value !== 'boolean';
	});
}

import type { AuditEntry } from '../contract.ts';

type Json = AuditEntry['before'];

/** One value of what was changed. */
export interface ComparedField {
	/** Names from the outside in, parted by dots; empty when the whole is one value. */
	readonly path: string;
	/** Undefined where there was no such field. */
	readonly before: Json | undefined;
	readonly after: Json | undefined;
	readonly isChanged: boolean;
}

/**
 * Puts before and after beside each other, value by value: those of before in their order, then those that are new.
 * Nothing at all on one side changes nothing: the other side is what was made, or what is gone.
 */
export function compared(before: Json, after: Json): ComparedField[] {
	const old = valuesOf(before);
	const fresh = valuesOf(after);
	const isChange = before !== null && after !== null;
	return [...new Set([...old.keys(), ...fresh.keys()])].map((path) => {
		const [was, is] = [old.get(path), fresh.get(path)];
		const isChanged = isChange && JSON.stringify(was) !== JSON.stringify(is);
		return { path, before: was, after: is, isChanged };
	});
}

/** `selection.keyGraceHours` as "Selection, key grace hours". */
export function fieldWords(path: string): string {
	const words = path
		.split('.')
		.map((name) => name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase())
		.join(', ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}

function valuesOf(json: Json, path = ''): ReadonlyMap<string, Json> {
	if (json === null && path === '') return new Map();
	if (typeof json !== 'object' || json === null || Array.isArray(json))
		return new Map([[path, json]]);
	return new Map(
		Object.entries(json).flatMap(([name, value]) => [
			...valuesOf(value, path === '' ? name : `${path}.${name}`),
		]),
	);
}

/** What the fields of a record are called in a sentence, and how their values are written where that is not plain. */
export type FieldWords<Values extends object> = {
	readonly [Field in keyof Values]: {
		readonly label: string;
		readonly written?: (value: Values[Field]) => string;
	};
};

/**
 * What somebody else changed since `before` was read, as part of a sentence; null when nothing.
 * @param now what is stored
 */
export function changesMeanwhile<Values extends object>(
	before: Values,
	now: Values,
	words: FieldWords<Values>,
): string | null {
	const changes: string[] = [];
	const compare = <Field extends keyof Values>(field: Field) => {
		if (JSON.stringify(before[field]) === JSON.stringify(now[field])) return;
		const { label, written = plain } = words[field];
		changes.push(`${label} is now ${written(now[field])}`);
	};
	for (const field in words) compare(field);
	return changes.length === 0 ? null : changes.join(', ');
}

function plain(value: unknown): string {
	if (value === null || value === '') return 'empty';
	if (typeof value === 'string') return `“${value}”`;
	return Array.isArray(value) ? value.join(', ') : String(value);
}

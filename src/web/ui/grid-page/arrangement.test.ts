import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	type Arrangement,
	inOrder,
	isShown,
	readArrangement,
	unarranged,
	withMoved,
	withShown,
} from './arrangement.ts';

const columns = ['id', 'status', 'soc', 'range', 'speed'].map((key) => ({ key }));
const extra = { key: 'city', startsHidden: true };

function keys(arrangement: Arrangement, of = columns): string[] {
	return inOrder(of, arrangement).map(({ key }) => key);
}

test('whatever was kept, every column is there once and the first is first', () => {
	const key = fc.constantFrom('id', 'status', 'soc', 'range', 'speed', 'gone');
	fc.assert(
		fc.property(fc.array(key), (order) => {
			const ordered = keys({ ...unarranged, order });
			expect(ordered[0]).toBe('id');
			expect(ordered.toSorted()).toEqual(columns.map((column) => column.key).toSorted());
		}),
	);
});

test('a column that came since stands where the page has it', () => {
	const order = ['speed', 'soc', 'range'];
	expect(keys({ ...unarranged, order })).toEqual(['id', 'status', 'speed', 'soc', 'range']);
});

test('moving there and back changes nothing, and nothing moves past an end', () => {
	fc.assert(
		fc.property(fc.constantFrom('status', 'soc', 'range', 'speed'), (key) => {
			const down = withMoved(columns, unarranged, key, 1);
			if (down === unarranged) expect(key).toBe('speed');
			else expect(keys(withMoved(columns, down, key, -1))).toEqual(keys(unarranged));
		}),
	);
	expect(withMoved(columns, unarranged, 'status', -1)).toBe(unarranged);
	expect(withMoved(columns, unarranged, 'id', 1)).toBe(unarranged);
});

test('columns are shown and hidden, also those that start hidden', () => {
	const [, status] = columns;
	if (status === undefined) throw new Error('there is a second column');
	for (const column of [status, extra])
		for (const isWanted of [true, false]) {
			const once = withShown(unarranged, column, isWanted);
			expect(isShown(column, once)).toBe(isWanted);
			expect(withShown(once, column, isWanted)).toEqual(once);
		}
	expect([isShown(status, unarranged), isShown(extra, unarranged)]).toEqual([true, false]);
});

test('what an older page or somebody else kept reads as far as it makes sense', () => {
	expect(readArrangement(null)).toEqual(unarranged);
	expect(readArrangement('nonsense')).toEqual(unarranged);
	expect(readArrangement({ hidden: ['soc'], density: 'huge', pageSize: 31 })).toEqual({
		...unarranged,
		hidden: ['soc'],
	});
	expect(readArrangement({ pageSize: 50 })).toEqual({ ...unarranged, pageSize: 50 });
});

import { expect, test } from 'vitest';
import { statuses } from '#contract/status.ts';
import { compactCount } from './compact-count.ts';
import { readMapAddress, writeMapAddress } from './map-address.ts';
import { classesFor, shownBy } from './map-reading.ts';

test('a dealer reads two colours: red is silent, green is everybody else', () => {
	const classes = classesFor('dealer');
	const { mask, shownAs } = shownBy(classes, []);
	expect(mask).toBe(0b111111);
	expect(shownAs.map((as) => statuses[as])).toEqual([
		'moving',
		'moving',
		'moving',
		'moving',
		'not_communicating',
		'not_communicating',
	]);
	expect(shownBy(classes, ['not_communicating']).mask).toBe(0b110000);
});

test('everybody else reads the six statuses, and sees the chosen ones', () => {
	const classes = classesFor('admin');
	expect(shownBy(classes, []).shownAs).toEqual([0, 1, 2, 3, 4, 5]);
	expect(shownBy(classes, ['stopped', 'offline']).mask).toBe(0b010010);
	for (const each of [classes, classesFor('dealer')])
		expect(each.flatMap((one) => one.statuses).toSorted()).toEqual(statuses.toSorted());
});

test('the address keeps the map’s state, and nonsense reads as the default', () => {
	const texts = {
		status: 'moving,offline',
		customer: '7',
		city: '3',
		device: 'EV-1',
		at: '18.52,73.86,14',
	};
	expect(writeMapAddress(readMapAddress(texts))).toEqual(texts);
	const nonsense = { status: 'flying', customer: 'x', city: '-1', at: '95,0,3' };
	expect(writeMapAddress(readMapAddress(nonsense))).toEqual({});
	expect(readMapAddress({ at: '1,2' }).at).toBeNull();
});

test('counts in bubbles are short and never too large', () => {
	expect([0, 981, 1_499, 9_999, 12_345, 999_999, 3_190_000].map(compactCount)).toEqual([
		'0',
		'981',
		'1.4k',
		'9.9k',
		'12k',
		'999k',
		'3.1M',
	]);
});

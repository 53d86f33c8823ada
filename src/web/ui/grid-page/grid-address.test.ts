import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fleetQuerySchema } from '#modules/fleet/contract.ts';
import { pageSizes } from './arrangement.ts';
import {
	type GridAddress,
	isFiltered,
	readGridAddress,
	selectionOf,
	withFilter,
	writeGridAddress,
} from './grid-address.ts';

const read = (texts: Readonly<Record<string, string>>) => readGridAddress(texts, fleetQuerySchema);
const defaults: GridAddress = {
	q: '',
	filters: {},
	sort: 'last_heard',
	direction: 'desc',
	page: 1,
	pageSize: null,
	row: null,
	form: null,
};

test('an empty address is the grid as it comes', () => {
	expect(read({})).toEqual(defaults);
	expect(writeGridAddress(defaults, fleetQuerySchema)).toEqual({});
	expect(isFiltered(defaults)).toBe(false);
});

test('what the endpoint would not accept reads as its default', () => {
	expect(
		read({
			q: 'x'.repeat(101),
			status: 'dancing',
			family: 'bicycle',
			dealerNo: '-4',
			sort: 'colour',
			direction: 'sideways',
			page: '0',
			pageSize: '31',
			nonsense: '1',
			row: 'x'.repeat(65),
		}),
	).toEqual(defaults);
});

describe('filters', () => {
	test('are whatever else the endpoint takes', () => {
		const { filters } = read({ status: 'moving,stopped', family: 'ev', dealerNo: '4', page: '2' });
		expect(filters).toEqual({ status: 'moving,stopped', family: 'ev', dealerNo: '4' });
	});

	test('are set, changed and taken away', () => {
		const set = withFilter({ family: 'ev' }, 'dealerNo', '4');
		expect(set).toEqual({ family: 'ev', dealerNo: '4' });
		expect(withFilter(set, 'dealerNo', '5')).toEqual({ family: 'ev', dealerNo: '5' });
		expect(withFilter(set, 'family', '')).toEqual({ dealerNo: '4' });
	});

	test('go to the endpoint with search and order', () => {
		expect(selectionOf({ ...defaults, q: 'mdq', filters: { family: 'ev' } })).toEqual({
			q: 'mdq',
			family: 'ev',
			sort: 'last_heard',
			direction: 'desc',
		});
	});
});

test('what is written is read back', () => {
	const address = fc.record<GridAddress>({
		q: fc.string({ maxLength: 100 }).map((text) => text.trim()),
		filters: fc
			.record(
				{
					family: fc.constantFrom('ev', 'ultra'),
					customerNo: fc.integer({ min: 1 }).map(String),
					status: fc.constantFrom('moving', 'moving,charging'),
				},
				{ requiredKeys: [] },
			)
			.map((filters) => ({ ...filters })),
		sort: fc.constantFrom('vin', 'last_heard', 'soc'),
		direction: fc.constantFrom('asc', 'desc'),
		page: fc.integer({ min: 1, max: 1_000_000 }),
		pageSize: fc.option(fc.constantFrom(...pageSizes), { nil: null }),
		row: fc.option(fc.string({ minLength: 1, maxLength: 64 }), { nil: null }),
		form: fc.option(fc.constantFrom('new'), { nil: null }),
	});
	fc.assert(
		fc.property(address, (written) => {
			expect(read(writeGridAddress(written, fleetQuerySchema))).toEqual(written);
		}),
	);
});

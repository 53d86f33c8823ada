import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceFamilies } from '#contract/family.ts';
import { statuses } from '#contract/status.ts';
import { parseSearch, writeSearch } from '#web/address/search-text.ts';
import { fleetSorts } from '../contract.ts';
import {
	countsWholeScope,
	isFiltered,
	pageSizes,
	readConsoleAddress,
	withoutFilters,
	writeConsoleAddress,
} from './console-address.ts';

const addresses = fc.record({
	q: fc.string({ maxLength: 100 }).map((text) => text.trim()),
	status: fc.subarray([...statuses]),
	family: fc.option(fc.constantFrom(...deviceFamilies)),
	sort: fc.constantFrom(...fleetSorts),
	direction: fc.constantFrom('asc' as const, 'desc' as const),
	page: fc.integer({ min: 1, max: 1_000_000 }),
	pageSize: fc.constantFrom(...pageSizes),
	row: fc.option(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{2,63}$/)),
});

describe('the console keeps its state in the address', () => {
	test('whatever it is, it comes back from the address bar', () => {
		fc.assert(
			fc.property(addresses, (address) => {
				const search = writeSearch(writeConsoleAddress(address));
				expect(readConsoleAddress(parseSearch(search))).toEqual(address);
			}),
		);
	});

	test('the state at first is an empty address', () => {
		expect(writeConsoleAddress(readConsoleAddress({}))).toEqual({});
	});

	test('what makes no sense reads as by default', () => {
		const address = readConsoleAddress({
			status: 'moving,flying,moving',
			family: 'tractor',
			sort: 'colour',
			direction: 'up',
			page: '-3',
			pageSize: '7',
			q: '  MDQ ',
		});
		expect(address).toEqual({
			q: 'MDQ',
			status: ['moving'],
			family: null,
			sort: 'last_heard',
			direction: 'desc',
			page: 1,
			pageSize: 30,
			row: null,
		});
	});
});

test('statuses filter rows, but the counts still cover the whole scope', () => {
	const address = readConsoleAddress({ status: 'moving' });
	expect(isFiltered(address)).toBe(true);
	expect(countsWholeScope(address)).toBe(true);
	expect(countsWholeScope(readConsoleAddress({ q: 'MDQ' }))).toBe(false);
	expect(countsWholeScope(readConsoleAddress({ family: 'ultra' }))).toBe(false);
	expect(isFiltered({ ...address, ...withoutFilters })).toBe(false);
});

import { expect, test } from 'vitest';
import { choiceOf, keep, movesOf, noOwner } from './assigning.ts';

const device = (deviceId: string, customerNo: number | null, dealerNo: number | null) => ({
	deviceId,
	customerNo,
	customerName: customerNo === null ? null : `Customer ${customerNo}`,
	dealerNo,
	dealerName: dealerNo === null ? null : `Dealer ${dealerNo}`,
});

test('a device moves when what is wanted differs from what it has', () => {
	const devices = [device('A', 1, 1), device('B', 2, null), device('C', null, null)];
	const moved = (customer: string, dealer: string) =>
		movesOf(devices, {
			customer: choiceOf(customer, `Customer ${customer}`),
			dealer: choiceOf(dealer, `Dealer ${dealer}`),
		});
	expect(moved(keep, keep)).toEqual([]);
	expect(moved('1', keep).map(({ deviceId }) => deviceId)).toEqual(['B', 'C']);
	expect(moved(noOwner, keep).map(({ deviceId }) => deviceId)).toEqual(['A', 'B']);
	expect(moved('1', '1')).toEqual([
		{ deviceId: 'B', before: ['Customer 2', null], after: ['Customer 1', 'Dealer 1'] },
		{ deviceId: 'C', before: [null, null], after: ['Customer 1', 'Dealer 1'] },
	]);
	expect(moved(keep, noOwner)).toEqual([
		{ deviceId: 'A', before: ['Customer 1', 'Dealer 1'], after: ['Customer 1', null] },
	]);
});

import { listCustomerOptions, listDealerOptions } from '#modules/customers/contract.ts';
import { call } from '#web/api/call.ts';
import type { FilterOption } from '#web/ui/grid-page/grid.ts';

/** The first customers that a text finds. */
export async function customerOptions(q: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { customers } = await call(listCustomerOptions, { query: { q } }, signal);
	return customers.map(({ customerNo, name, city }) => option(customerNo, name, city));
}

/** The first dealers that a text finds. */
export async function dealerOptions(q: string, signal: AbortSignal): Promise<FilterOption[]> {
	const { dealers } = await call(listDealerOptions, { query: { q } }, signal);
	return dealers.map(({ dealerNo, name, city }) => option(dealerNo, name, city));
}

function option(no: number, name: string, city: string | null): FilterOption {
	return { value: String(no), label: city === null ? name : `${name}, ${city}` };
}

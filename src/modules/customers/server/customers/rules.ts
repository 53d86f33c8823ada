import type { FieldWords } from '#platform/changes-meanwhile.ts';
import type { CustomerRow, KeptCustomer } from '../../contract.ts';

/** How a customer's fields are named to whoever edits it at the same time as somebody else. @param now what is stored */
export function customerWords(now: CustomerRow): FieldWords<KeptCustomer> {
	const named = (name: string | null) => () => (name === null ? 'empty' : `“${name}”`);
	return {
		name: { label: 'Customer name' },
		address: { label: 'Address' },
		city: { label: 'City' },
		pinCode: { label: 'Pin code' },
		mobile: { label: 'Mobile number' },
		email: { label: 'E-mail' },
		locationNo: { label: 'Location', written: named(now.locationCity) },
		dealerNo: { label: 'Dealer', written: named(now.dealerName) },
	};
}

/** What is kept in the audit log of a customer. */
export function customerRecord(row: CustomerRow) {
	const { name, address, city, pinCode, mobile, email, locationCity, dealerName } = row;
	return {
		name,
		address,
		city,
		pinCode,
		mobile,
		email,
		location: locationCity,
		dealer: dealerName,
	};
}

import type { FieldWords } from '#platform/changes-meanwhile.ts';
import type { KeptDealer } from '../../contract.ts';

/** How a dealer's fields are named to whoever edits it at the same time as somebody else. */
export const dealerWords: FieldWords<KeptDealer> = {
	name: { label: 'Dealer name' },
	city: { label: 'City' },
	contactName: { label: 'Contact name' },
	mobile: { label: 'Mobile number' },
	email: { label: 'E-mail' },
	address: { label: 'Address' },
};

/** What is kept in the audit log of a dealer. */
export function dealerRecord({ name, city, contactName, mobile, email, address }: KeptDealer) {
	return { name, city, contactName, mobile, email, address };
}

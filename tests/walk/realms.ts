/**
 * Whose something is. Every text of a realm's things holds its canary and every number lies in its range, so that a reply
 * that tells of them is known by its bytes, whatever field they stand in.
 */
export interface Realm {
	readonly name: string;
	/** Eight small letters that stand in no other text. */
	readonly canary: string;
	/** Numbers of its things: this, and what follows up to the next thousand. */
	readonly firstNo: number;
}

export const realms = {
	/** The organization's, of the first dealer's first customer: what every reader of it sees who sees anything. */
	own: realm('own', 'zqharbor', 166_000),
	/** Another customer's of the first dealer. */
	otherCustomer: realm('other customer', 'zqbrooks', 111_000),
	/** A customer's of another dealer. */
	otherDealer: realm('other dealer', 'zqcedars', 222_000),
	/** Belonged to the first customer until yesterday, and to a customer of another dealer since. */
	formerlyOwned: realm('formerly owned', 'zqdeltas', 333_000),
	/** What the own device did while it was another dealer's customer's. */
	inherited: realm('inherited', 'zqelders', 444_000),
	/** The organization's as a whole. */
	house: realm('house', 'zqhouses', 555_000),
	/** Another organization's. */
	otherOrganization: realm('other organization', 'zqisland', 777_000),
	/** Nothing is in it. */
	nowhere: realm('nowhere', 'zqnobody', 888_000),
} as const;

function realm(name: string, canary: string, firstNo: number): Realm {
	return { name, canary, firstNo };
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Matches a realm's numbers where they stand alone, as in JSON, a sheet's cell or a path. */
export function numbersOf({ firstNo }: Realm, flags: string): RegExp {
	return new RegExp(`(?<![\\w.%-])${firstNo / 1000}\\d{3}(?![\\w%-]|\\.\\d)`, flags);
}

/** Matches a realm's canary in any spelling. */
export function canaryOf({ canary }: Realm, flags: string): RegExp {
	return new RegExp(escaped(canary), `${flags}i`);
}

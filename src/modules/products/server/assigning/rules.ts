import type { Holding } from './store.ts';

/** A device as somebody saw it. */
type SeenDevice = Pick<Holding, 'deviceId' | 'customerNo' | 'dealerNo'>;

/** Named one by one, before "and n more". */
const mostNamed = 3;

/** What became of devices since somebody saw them, as part of a sentence; null when nothing did. */
export function changedHoldings(
	seen: readonly SeenDevice[],
	now: readonly Holding[],
): string | null {
	const holdingOf = new Map(now.map((holding) => [holding.deviceId, holding]));
	const changed = seen.flatMap(({ deviceId, customerNo, dealerNo }) => {
		const holding = holdingOf.get(deviceId);
		const isSame = holding?.customerNo === customerNo && holding.dealerNo === dealerNo;
		return holding === undefined || isSame
			? []
			: [`${deviceId} belongs to ${ownersOf(holding)} now`];
	});
	if (changed.length === 0) return null;
	const named = changed.slice(0, mostNamed).join(', ');
	const more = changed.length - mostNamed;
	return more > 0 ? `${named} and ${more} more devices changed hands` : named;
}

function ownersOf({ customerName, dealerName }: Holding): string {
	if (customerName === null && dealerName === null) return 'nobody';
	if (customerName === null) return `the dealer “${dealerName}”`;
	if (dealerName === null) return `“${customerName}”`;
	return `“${customerName}” and the dealer “${dealerName}”`;
}

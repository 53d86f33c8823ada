import type { RegisteredDeviceRow } from '../../contract.ts';

/** Values of a choice that are nobody's number. */
export const keep = 'keep';
export const noOwner = 'none';

/** To whom devices are to belong; null: to nobody. */
export interface Choice {
	readonly no: number | null;
	readonly name: string | null;
}

/** What is to change; what is undefined stays as it is. */
export interface Wanted {
	readonly customer: Choice | undefined;
	readonly dealer: Choice | undefined;
}

/** What a field's value means. */
export function choiceOf(value: string, label: string): Choice | undefined {
	if (value === keep) return undefined;
	return value === noOwner ? { no: null, name: null } : { no: Number(value), name: label };
}

type Device = Pick<
	RegisteredDeviceRow,
	'deviceId' | 'customerNo' | 'customerName' | 'dealerNo' | 'dealerName'
>;

/** One device that changes hands: the names before and after, null for nobody. */
export interface Move {
	readonly deviceId: string;
	readonly before: readonly (string | null)[];
	readonly after: readonly (string | null)[];
}

/** The devices that change hands, and how. */
export function movesOf(devices: readonly Device[], { customer, dealer }: Wanted): Move[] {
	return devices
		.filter(
			(device) =>
				(customer !== undefined && customer.no !== device.customerNo) ||
				(dealer !== undefined && dealer.no !== device.dealerNo),
		)
		.map(({ deviceId, customerName, dealerName }) => ({
			deviceId,
			before: [customerName, dealerName],
			after: [
				customer === undefined ? customerName : customer.name,
				dealer === undefined ? dealerName : dealer.name,
			],
		}));
}

import type { Scope } from '#contract/scope.ts';
import type { FleetColumns } from '#live/fleet-columns.ts';

/** Which devices are meant: those in scope, narrowed by what a person chose; null narrows nothing. */
export interface MapQuestion {
	readonly scope: Scope;
	readonly customerNo: number | null;
	readonly locationNo: number | null;
}

/**
 * Tests whether a device is meant.
 * @param locationNos location of each device, by device number
 */
export function isMeant(
	{ organizationNo, dealerNo, customerNo }: FleetColumns,
	locationNos: Int32Array,
	question: MapQuestion,
): (deviceNo: number) => boolean {
	const { scope } = question;
	const customers = scope.customerNos === null ? null : new Set(scope.customerNos);
	const devices = scope.deviceNos === null ? null : new Set(scope.deviceNos);
	return (deviceNo) =>
		organizationNo[deviceNo] === scope.organizationNo &&
		(scope.dealerNo === null || dealerNo[deviceNo] === scope.dealerNo) &&
		(customers === null || customers.has(customerNo[deviceNo]!)) &&
		(devices === null || devices.has(deviceNo)) &&
		(question.customerNo === null || customerNo[deviceNo] === question.customerNo) &&
		(question.locationNo === null || locationNos[deviceNo] === question.locationNo);
}

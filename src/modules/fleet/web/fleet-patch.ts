import type { Status, StatusCounts } from '#contract/status.ts';
import type { DeviceLive, FleetPage, FleetRow } from '../contract.ts';

/** A row with newer live values; the same object when nothing in it changed, so that it is not drawn again. */
export function patchRow(row: FleetRow, live: DeviceLive): FleetRow {
	const patched = { ...row, ...live };
	const values = Object.values(patched);
	return Object.values(row).every((value, index) => Object.is(value, values[index]))
		? row
		: patched;
}

/**
 * A page of the list with newer live values in its rows. Rows stay where they are: what is under the pointer is never
 * sorted away. The same object when nothing changed.
 */
export function patchRows(page: FleetPage, changed: readonly DeviceLive[]): FleetPage {
	const byNo = new Map(changed.map((live) => [live.deviceNo, live]));
	let isChanged = false;
	const rows = page.rows.map((row) => {
		const live = byNo.get(row.deviceNo);
		const patched = live ? patchRow(row, live) : row;
		if (patched !== row) isChanged = true;
		return patched;
	});
	return isChanged ? { ...page, rows } : page;
}

/** A page of the list with newer status counts, and the total that follows from them. */
export function patchCounts(
	page: FleetPage,
	counts: StatusCounts,
	chosen: readonly Status[],
): FleetPage {
	const total = Object.entries(counts).reduce(
		(sum, [status, count]) => sum + (isChosen(status, chosen) ? count : 0),
		0,
	);
	return { ...page, counts, total: page.totalIsExact ? total : page.total };
}

function isChosen(status: string, chosen: readonly Status[]): boolean {
	return chosen.length === 0 || chosen.some((each) => each === status);
}

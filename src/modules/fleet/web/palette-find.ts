import { call } from '#web/api/call.ts';
import { paths, rowLink } from '#web/links.ts';
import type { PaletteHit } from '#web/palette/search.ts';
import { type FleetPage, listFleet, listVehicles } from '../contract.ts';
import { identityOf } from './telemetry.ts';

const mostHits = 8;

/** Devices that a text finds, each leading to its row in the Fleet Console. */
export async function findInConsole(q: string, signal: AbortSignal): Promise<PaletteHit[]> {
	return hits(await call(listFleet, { query: { q, pageSize: mostHits } }, signal), paths.console);
}

/** The same for who has the Vehicle Dashboard alone. */
export async function findInVehicles(q: string, signal: AbortSignal): Promise<PaletteHit[]> {
	return hits(
		await call(listVehicles, { query: { q, pageSize: mostHits } }, signal),
		paths.vehicles,
	);
}

function hits({ rows }: FleetPage, page: string): PaletteHit[] {
	return rows.map((row) => ({
		key: row.deviceId,
		label: identityOf(row),
		detail: [row.deviceId, row.customerName].filter((part) => part !== null).join(' · '),
		href: rowLink(page, row.deviceId),
	}));
}
